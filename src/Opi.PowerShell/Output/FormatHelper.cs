using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell.Internal;

/// <summary>What the views of Opi.Format.ps1xml compute. Not for scripts: it may change at any time.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class FormatHelper
{
    private const int Significant = 3;
    private const int MaxDecimals = 20;

    /// <summary>
    /// Money in the reader's culture: cents from a dollar on, four decimals below, and as many more as three digits that count need.
    /// </summary>
    public static string Money(decimal? amount)
    {
        if (amount is not { } value)
        {
            return "unknown";
        }

        decimal size = Math.Abs(value);
        int decimals = size is 0 or >= 1 ? 2 : 4;
        if (size is > 0 and < 0.01m)
        {
            int zeros = (int)Math.Floor(-Math.Log10((double)size));
            decimals = Math.Min(zeros + Significant, MaxDecimals);
            while (decimals > 4 && Math.Round(value, decimals) == Math.Round(value, decimals - 1))
            {
                decimals--;
            }
        }

        return (value < 0 ? "-$" : "$") + Math.Round(size, decimals).ToString("N" + decimals, CultureInfo.CurrentCulture);
    }

    /// <summary>A count in the reader's culture.</summary>
    public static string Count(long? count) => count?.ToString("N0", CultureInfo.CurrentCulture) ?? "";

    /// <summary>A count for a narrow column: exact below ten millions, then in millions or more.</summary>
    public static string ShortCount(long count) => count switch
    {
        < 10_000_000 => Count(count),
        < 10_000_000_000 => (count / 1e6).ToString("N1", CultureInfo.CurrentCulture) + "M",
        < 10_000_000_000_000 => (count / 1e9).ToString("N1", CultureInfo.CurrentCulture) + "G",
        _ => (count / 1e12).ToString("N1", CultureInfo.CurrentCulture) + "T",
    };

    /// <summary>A size in bytes, in the unit that fits.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1024 => bytes.ToString(CultureInfo.CurrentCulture) + " B",
        < 1024 * 1024 => (bytes / 1024.0).ToString("N1", CultureInfo.CurrentCulture) + " KB",
        < 1024L * 1024 * 1024 => (bytes / (1024.0 * 1024)).ToString("N1", CultureInfo.CurrentCulture) + " MB",
        _ => (bytes / (1024.0 * 1024 * 1024)).ToString("N1", CultureInfo.CurrentCulture) + " GB",
    };

    /// <summary>A time where the reader is.</summary>
    public static string Time(DateTimeOffset? time) => time?.LocalDateTime.ToString("g", CultureInfo.CurrentCulture) ?? "";

    /// <summary>A text in one line.</summary>
    public static string Line(string? text) => text is null ? "" : string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The content of a message as a list that a CSV file has as text; Export-Csv writes the type's name of others.</summary>
    public static object Content(PSObject message) => message?.BaseObject switch
    {
        UserMessage user => new TextList<IInputContent>(user.Content),
        ToolResultMessage result => new TextList<IInputContent>(result.Content),
        AssistantMessage answer => new TextList<IAssistantContent>(answer.Content),
        _ => Array.Empty<object>(),
    };

    /// <summary>The first and the last of a row of ids.</summary>
    public static string Range(IReadOnlyList<string> ids) => ids switch
    {
        null or [] => "",
        [var only] => only,
        [var first, .., var last] => $"{first}..{last}",
    };

    /// <summary>A message in one line: its text, or what it has instead.</summary>
    public static string Describe(AgentMessage message) => message switch
    {
        AssistantMessage { Text: "" } answer when answer.ToolCalls.Any() =>
            string.Join(' ', answer.ToolCalls.Select(call => $"[{call.Name} {Line(call.Arguments)}]")),
        AssistantMessage { Text: "", ErrorMessage: { } error } => $"({error})",
        null => "",
        _ => Line(message.Text),
    };

    /// <summary>A key of a row of costs; Total in the first column of a total.</summary>
    public static string CostKey(PSObject row, string name)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Properties[name == nameof(CostGrouping.Session) ? nameof(OpiCost.SessionId) : name]?.Value?.ToString()
            ?? (row.Properties["IsTotal"]?.Value is true ? "Total" : "unknown");
    }

    /// <summary>The session of a row of costs; Total in a total, nothing in a row over several sessions.</summary>
    public static string CostSession(PSObject row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Properties["IsTotal"]?.Value is true ? "Total" : row.Properties[nameof(OpiCost.SessionId)]?.Value?.ToString() ?? "";
    }

    /// <summary>All keys of a row of costs.</summary>
    public static string CostKeys(PSObject row)
    {
        ArgumentNullException.ThrowIfNull(row);
        string? names = row.TypeNames.Select(CostRows.KeysOf).FirstOrDefault(keys => keys is not null);
        return row.Properties["IsTotal"]?.Value is true ? "Total"
            : string.Join("  ", (names ?? nameof(CostGrouping.Session)).Split(',').Select(name => CostKey(row, name)));
    }

    /// <summary>Money, or nothing where there is none.</summary>
    public static string Amount(decimal? amount) => amount is null ? "" : Money(amount);

    /// <summary>What is left of the budget of a row; nothing in a total, which has none.</summary>
    public static string Remaining(PSObject row) => OfBudget(row, "Remaining", left => Money((decimal)left));

    /// <summary>Whether a row is over its budget.</summary>
    public static string OverBudget(PSObject row) => OfBudget(row, "OverBudget", over => over.ToString()!);

    private static string OfBudget(PSObject row, string name, Func<object, string> show)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Properties["Budget"]?.Value is null ? "" : row.Properties[name]?.Value is { } value ? show(value) : "unknown";
    }

    /// <summary>What an update of the ledger did, by source.</summary>
    public static string Sources(IEnumerable<OpiLedgerSource> sources) =>
        string.Join(
            ", ",
            (sources ?? []).Select(
                source => $"{source.Source} {Count(source.Added + source.Updated)} of {Count(source.Added + source.Updated + source.Known)}"));

    /// <summary>The tokens of a session.</summary>
    public static string Usage(CumulativeUsage usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        return $"{Count(usage.InputTokens)} in, {Count(usage.OutputTokens)} out, {Count(usage.CacheReadTokens)} cache read, "
            + $"{Count(usage.CacheWriteTokens)} cache write";
    }

    /// <summary>The prices of a model.</summary>
    public static string Prices(ModelPricing price)
    {
        ArgumentNullException.ThrowIfNull(price);
        return $"{Money(price.InputPrice)} in, {Money(price.OutputPrice)} out a million tokens";
    }
}
