using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>The rows of a report of waste as objects: the keys first, then the sum.</summary>
internal static class WasteRows
{
    private const string RowTypeName = "Opi.OpiWaste";
    private const string TypeName = "Opi.OpiWasteSum#Keys";

    public static PSObject Row(OpiWasteSum sum, IReadOnlyList<WasteGrouping> by, IReadOnlyList<object?> keys, bool total) =>
        Make(sum, by, [.. keys.Select((key, i) => Text(by[i], key))], total ? false : null);

    /// <summary>The row of all together.</summary>
    public static PSObject Total(OpiWasteSum sum, IReadOnlyList<WasteGrouping> by)
    {
        PSObject row = Make(sum, by, new object?[by.Count], isTotal: true);
        if (by.Count == 0)
        {
            // It is below rows of single wastes, in their table.
            row.Properties.Add(new PSNoteProperty(nameof(OpiWaste.Detail), "Total"));
            row.TypeNames.Insert(0, RowTypeName);
        }

        return row;
    }

    private static PSObject Make(OpiWasteSum sum, IReadOnlyList<WasteGrouping> by, object?[] keys, bool? isTotal)
    {
        var row = new PSObject(sum);
        for (int i = 0; i < by.Count; i++)
        {
            row.Properties.Add(new PSNoteProperty(by[i].ToString(), keys[i]));
        }

        if (isTotal is { } mark)
        {
            row.Properties.Add(new PSNoteProperty("IsTotal", mark));
        }

        row.TypeNames.Insert(0, TypeName);
        return row;
    }

    /// <summary>The key as a value that is the same in every culture, as rows of costs have it.</summary>
    private static object? Text(WasteGrouping grouping, object? key) => key switch
    {
        DateOnly month when grouping == WasteGrouping.Month => month.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        WasteKind kind => kind.ToString(),
        UsageSource source => source.ToString(),
        _ => key,
    };
}
