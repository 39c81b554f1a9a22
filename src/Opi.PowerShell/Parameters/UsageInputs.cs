using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// Takes the rows of a pipeline. A row that cannot be read would make the sum too low: then there is no sum, and one error names all such
/// rows.
/// </summary>
internal sealed class UsageInputs
{
    private long _rows;
    private long _faults;
    private string? _first;

    public OpiUsage? Take(UsageInput row)
    {
        _rows++;
        if (row.Fault is { } fault && _faults++ == 0)
        {
            _first = string.Create(CultureInfo.InvariantCulture, $"The first is row {_rows}: {fault}");
        }

        return row.Usage;
    }

    /// <summary>Writes the error when rows could not be read.</summary>
    /// <returns>Whether all could be read.</returns>
    public bool AreWhole(Cmdlet cmdlet)
    {
        if (_faults == 0)
        {
            return true;
        }

        string message = string.Create(
            CultureInfo.InvariantCulture,
            $"{_faults} of {_rows} rows of usage cannot be read, so nothing is added up. {_first} Write the file again: what Get-OpiUsage gives "
                + $"Export-Csv has the columns Time and Bill, which no culture changes. "
                + $"In rows of your own a time is 2026-11-24T13:45:00Z, a number 0.0026.");
        cmdlet.WriteError(new ErrorRecord(new PSArgumentException(message), "UsageNotReadable", ErrorCategory.InvalidData, null));
        return false;
    }
}
