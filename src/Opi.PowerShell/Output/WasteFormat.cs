using System.Management.Automation;

namespace Opi.PowerShell.Internal;

/// <summary>Texts of the views of waste.</summary>
public static class WasteFormat
{
    private static readonly string[] Keys = [.. Enum.GetNames<WasteGrouping>()];

    /// <summary>The keys of a group in one column; Total in a total.</summary>
    public static string KeysOf(PSObject row, int width)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Properties["IsTotal"]?.Value is true)
        {
            return "Total";
        }

        string[] keys = [.. row.Properties.Where(property => Keys.Contains(property.Name)).Select(
            property => property.Value?.ToString() is { } key ? FormatHelper.Text(key) : "unknown")];
        return FormatHelper.Cut(string.Join("  ", keys), width);
    }
}
