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
    private const string AtLeast = ">= ";
    private const int DateLength = 9; // of the date at the end of a model's name, with its dash
    private const int MinuteLength = 16; // of a time in ISO 8601 up to its minutes
    private const int OffsetAt = 19; // where its offset begins

    private const string KeySeparator = "  ";
    private const string PinMark = "(pinned) ";

    private static readonly string[] UnitDecimals = ["N2", "N1", "N0"];
    private static readonly string[] Scientific = ["0.00E+0", "0.0E+0", "0E+0"];
    private static readonly (double Size, string Unit)[] Units = [(1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M")];

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

    /// <summary>
    /// Money that fits a column: exact as long as that fits, then rounded, to whole dollars or to millions and more. A digit is never cut off.
    /// </summary>
    public static string Money(decimal? amount, int width)
    {
        string exact = Money(amount);
        if (amount is not { } value || exact.Length <= width)
        {
            return exact;
        }

        string sign = value < 0 ? "-$" : "$";
        double size = (double)Math.Abs(value);
        return First(width, [
            .. size >= 1 ? [sign + Math.Round(Math.Abs(value)).ToString("N0", CultureInfo.CurrentCulture)] : Array.Empty<string>(),
            .. size >= 1_000_000 ? InUnits(size).Select(text => sign + text) : [],
            .. Scientific.Select(format => sign + size.ToString(format, CultureInfo.CurrentCulture)),
        ]);
    }

    /// <summary>What a row cost, as far as it is known: at least so much where a part is not.</summary>
    public static string Cost(PSObject row, int width)
    {
        ArgumentNullException.ThrowIfNull(row);
        return (Value(nameof(OpiCost.TotalCost)) ?? Value(nameof(OpiUsage.Cost))) is { } whole ? Money(whole, width)
            : Value(nameof(OpiCost.KnownCost)) is { } known and not 0 ? AtLeast + Money(known, width - AtLeast.Length)
            : Money(null);

        decimal? Value(string name) => row.Properties[name]?.Value is { } value
            ? (decimal)LanguagePrimitives.ConvertTo(value, typeof(decimal), CultureInfo.InvariantCulture)
            : null;
    }

    /// <summary>A count in the reader's culture.</summary>
    public static string Count(long? count) => count?.ToString("N0", CultureInfo.CurrentCulture) ?? "";

    /// <summary>A count that fits a column: exact as long as that fits, then in millions or more. A digit is never cut off.</summary>
    public static string Count(long? count, int width)
    {
        string exact = Count(count);
        return count is not { } value || exact.Length <= width ? exact : First(width, [.. InUnits(value)]);
    }

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

    /// <summary>
    /// A time where the reader is, as the keys of rows by time are: the same in every culture, and so narrow that it fits any table.
    /// </summary>
    public static string IsoTime(object? time) =>
        (time is PSObject wrapped ? wrapped.BaseObject : time) switch
        {
            DateTimeOffset moment => moment.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
            string text when DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment) => IsoTime(moment),
            { } other => Text(other.ToString()),
            null => "",
        };

    /// <summary>A text from a log, with its control characters made visible, so that they do not act on the terminal.</summary>
    public static string Text(string? text) =>
        text is null ? "" : string.Concat(text.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));

    /// <summary>A text that fits a column: its middle goes, because names differ at their ends.</summary>
    public static string Cut(string? text, int width)
    {
        string shown = Text(text);
        if (shown.Length <= width)
        {
            return shown;
        }

        int head = (width - 1) / 3;
        int tail = shown.Length - (width - 1 - head);
        head -= char.IsHighSurrogate(shown[head - 1]) ? 1 : 0;
        tail += char.IsLowSurrogate(shown[tail]) ? 1 : 0;
        return $"{shown[..head]}\u2026{shown[tail..]}";
    }

    /// <summary>
    /// The name of a model, <c>provider:model</c>, that fits a column: first the date at its end goes, then the provider's end, and only
    /// then the middle of the model.
    /// </summary>
    public static string Model(string? model, int width)
    {
        string shown = Text(model);
        if (shown.Length <= width)
        {
            return shown;
        }

        int colon = shown.IndexOf(':', StringComparison.Ordinal);
        (string provider, string name) = (colon < 0 ? "" : shown[..colon], shown[(colon + 1)..]);
        if (name.Length > DateLength && name[^DateLength] == '-' && name[^(DateLength - 1)..].All(char.IsAsciiDigit))
        {
            name = name[..^DateLength] + "\u2026";
        }

        int room = width - name.Length - 1;
        return provider.Length == 0 || room < 2 ? Cut(name, width)
            : provider.Length <= room ? $"{provider}:{name}"
            : $"{provider[..(room - 1)]}\u2026:{name}";
    }

    /// <summary>The last part of a folder's path, for columns with little room.</summary>
    public static string Folder(string? path) =>
        Text(path).TrimEnd('/', '\\') is var shown ? shown[(shown.LastIndexOfAny(['/', '\\']) + 1)..] : "";

    /// <summary>A text in one line.</summary>
    public static string Line(string? text) =>
        text is null ? "" : VisibleText.Of(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));

    /// <summary>The content of a message as a list that a CSV file has as text; Export-Csv writes the type's name of others.</summary>
    public static object Content(PSObject message) => message?.BaseObject switch
    {
        UserMessage user => new TextList<IInputContent>(user.Content),
        SystemMessage system => new TextList<IInputContent>(system.Content),
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
        AssistantMessage { Text: "" } answer when answer.Content.Any(block => block is ToolCallContent or OpaqueContent) =>
            Line(string.Join(' ', answer.Content.Where(block => block is ToolCallContent or OpaqueContent))),
        AssistantMessage { Text: "", ErrorMessage: { } error } => $"({Line(error)})",
        AssistantMessage answer when answer.Content.Any(block => block is OpaqueContent) =>
            Line($"{answer.Text} {string.Join(' ', answer.Content.OfType<OpaqueContent>())}"),
        null => "",
        _ => Line(message.Text),
    };

    /// <summary>An entry in one line: its text, and the blocks of an answer that have none.</summary>
    public static string Entry(OpiEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        string line = entry.Message is AssistantMessage { Text.Length: > 0 } answer ? Describe(answer) : Line(entry.Text);
        return entry.Pinned ? PinMark + line : line;
    }

    /// <summary>Ids of entries: how many, the first ones, and the last.</summary>
    public static string Ids(IReadOnlyList<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        const int Shown = 4;
        string[] visible = [.. ids.Select(Line)];
        return visible.Length <= Shown
            ? $"{visible.Length}: {string.Join(", ", visible)}"
            : string.Create(CultureInfo.InvariantCulture, $"{visible.Length}: {string.Join(", ", visible[..(Shown - 1)])} ... {visible[^1]}");
    }

    /// <summary>When a compaction is due by a policy.</summary>
    public static string Due(OpiCompactionPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy switch
        {
            { NoCompaction: true } => "never",
            { ContextWindow: OpiCompactionPolicy.AutoWindow } => "by the window of the session's model",
            { ContextWindow: { } window } => $"above {Count(policy.ContextLimit)} tokens (window {Count(window)}, reserve "
                + $"{Count(policy.ReserveOf(window))})",
            _ => $"at {Count(policy.CompactionThreshold)} tokens billed since the last one",
        };
    }

    /// <summary>A message of a context in one line, and whether it is pinned.</summary>
    public static string Message(PSObject message)
    {
        ArgumentNullException.ThrowIfNull(message);
        string line = Describe((AgentMessage)message.BaseObject);
        return message.Properties["Pinned"]?.Value is true ? PinMark + line : line;
    }

    /// <summary>The cost of a turn; empty for one without an answer, which costs nothing that could be unknown.</summary>
    public static string TurnCost(OpiTurn turn, int width)
    {
        ArgumentNullException.ThrowIfNull(turn);
        return turn is { StopReason: null, Cost: null } ? "" : Money(turn.Cost, width);
    }

    /// <summary>How a turn ended, where that asks for something: why the model stopped if it was not done, and a compaction.</summary>
    public static string Note(OpiTurn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        string? stopped = turn.StopReason is null or StopReason.Stop ? null : turn.StopReason.ToString();
        string? compaction = turn.Compaction is not null ? "compacted" : turn.CompactionReason is not null ? "compaction due" : null;
        return string.Join(", ", new[] { stopped, compaction }.OfType<string>());
    }

    /// <summary>A key of a row of costs that fits a column; Total in the first column of a total.</summary>
    public static string CostKey(PSObject row, string name, int width)
    {
        ArgumentNullException.ThrowIfNull(row);
        string? key = row.Properties[name == nameof(CostGrouping.Session) ? nameof(OpiCost.SessionId) : name]?.Value?.ToString();
        return row.Properties["IsTotal"]?.Value is true ? (IsFirstKey(row, name) ? "Total" : "")
            : key is null ? "unknown"
            : name == nameof(CostGrouping.Model) ? Model(key, width)
            : name is nameof(CostGrouping.Hour) or nameof(CostGrouping.Block) && key.Length > OffsetAt
                ? Cut(key[..MinuteLength] + key[OffsetAt..], width)
            : Cut(key, width);
    }

    /// <summary>When a response came; Total in a total.</summary>
    public static string CostTime(PSObject row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Properties["IsTotal"]?.Value is true ? "Total" : IsoTime(row.Properties[nameof(OpiResponseCost.Timestamp)]?.Value);
    }

    /// <summary>Whose log a response is from; nothing in a total.</summary>
    public static string CostOrigin(PSObject row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Properties["IsTotal"]?.Value is true ? "" : Text(row.Properties[nameof(OpiResponseCost.Source)]?.Value?.ToString());
    }

    /// <summary>The session of a row of costs; Total in a total, nothing in a row over several sessions.</summary>
    public static string CostSession(PSObject row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Properties["IsTotal"]?.Value is true ? "Total" : Text(row.Properties[nameof(OpiCost.SessionId)]?.Value?.ToString());
    }

    /// <summary>All keys of a row of costs, each with a fair share of a column.</summary>
    public static string CostKeys(PSObject row, int width)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Properties["IsTotal"]?.Value is true)
        {
            return "Total";
        }

        string[] names = NamesOf(row);
        string[] keys = [.. names.Select(name => CostKey(row, name, width))];
        int room = width - (KeySeparator.Length * (keys.Length - 1));
        for (int left = keys.Length; keys.Sum(key => key.Length) > room; left--)
        {
            // The longest key that is over its share gives way, the short ones stay whole.
            int longest = Array.IndexOf(keys, keys.MaxBy(key => key.Length));
            int others = keys.Sum(key => key.Length) - keys[longest].Length;
            keys[longest] = CostKey(row, names[longest], Math.Max(room - others, room / keys.Length));
            if (left < 0)
            {
                break; // all have their share
            }
        }

        return string.Join(KeySeparator, keys);
    }

    /// <summary>Money that fits a column; empty where there is none.</summary>
    public static string Amount(decimal? amount, int width) => amount is null ? "" : Money(amount, width);

    /// <summary>What is left of the budget of a row; nothing in a total, which has none.</summary>
    public static string Remaining(PSObject row, int width) => OfBudget(row, "Remaining", left => Money((decimal)left, width));

    /// <summary>Whether a row is over its budget.</summary>
    public static string OverBudget(PSObject row) => OfBudget(row, "OverBudget", over => over.ToString()!);

    private static string[] NamesOf(PSObject row) =>
        (row.TypeNames.Select(CostRows.KeysOf).FirstOrDefault(keys => keys is not null) ?? nameof(CostGrouping.Session)).Split(',');

    private static bool IsFirstKey(PSObject row, string name) => NamesOf(row)[0] == name;

    private static string OfBudget(PSObject row, string name, Func<object, string> show)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Properties["Budget"]?.Value is null ? "" : row.Properties[name]?.Value is { } value ? show(value) : "unknown";
    }

    /// <summary>A size in units of millions and more, with fewer and fewer decimals.</summary>
    private static IEnumerable<string> InUnits(double size)
    {
        (double unit, string name) = Units.FirstOrDefault(unit => size >= unit.Size, Units[^1]);
        return UnitDecimals.Select(format => (size / unit).ToString(format, CultureInfo.CurrentCulture) + name);
    }

    /// <summary>The first text that fits, else the last.</summary>
    private static string First(int width, string[] texts) => texts.FirstOrDefault(text => text.Length <= width, texts[^1]);

    /// <summary>What an update of the ledger did, a line for each source.</summary>
    public static string Sources(IEnumerable<OpiLedgerSource> sources) =>
        string.Join(
            '\n',
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
