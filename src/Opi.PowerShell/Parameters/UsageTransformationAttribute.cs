using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// Takes a response that Get-OpiUsage gave here, and one that came from another machine, from CLIXML, JSON or CSV. A row with a cell that
/// cannot be read is taken too, as a fault: the cmdlet reports all such rows at once.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class UsageTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] Sessions = ["Session", "SessionId", "Id", "Path"];

    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = ArgumentText.Unwrap(inputData);
        switch (value)
        {
            case UsageInput:
                return value;
            case OpiUsage usage:
                return new UsageInput(usage);
        }

        if (inputData is not PSObject row || UsageRowReader.Lacking(row) is not { } lacking)
        {
            throw Refuse($"A response is a row of Get-OpiUsage; this is {(value is null ? "null" : $"a {value.GetType().Name}")}.");
        }

        if (lacking.Length == 0)
        {
            return UsageRowReader.Read(row);
        }

        return value is PSCustomObject && !Sessions.Any(name => row.Properties[name] is not null)
            ? new UsageInput($"it has no column {string.Join(", ", lacking)}; a file that Export-Csv -UseCulture wrote needs Import-Csv -UseCulture.")
            : throw Refuse($"A response is a row of Get-OpiUsage; this has no {string.Join(", ", lacking)}.");
    }

    /// <summary>With an inner exception the binder tries the object as something else.</summary>
    private static ArgumentTransformationMetadataException Refuse(string message) => new(message, new PSInvalidCastException(message));
}
