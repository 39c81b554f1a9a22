using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// Reads a row of usage that came from a file or another process. Numbers and times in a CSV file are as the culture of its writer has them,
/// so the columns Time and Bill come first, which are the same in every culture; what is left is read only where it cannot mean two things.
/// </summary>
internal static class UsageRowReader
{
    private static readonly string[] Needed =
        [nameof(OpiUsage.Source), nameof(OpiUsage.Model), nameof(OpiUsage.InputTokens), nameof(OpiUsage.OutputTokens)];

    /// <summary>The columns that a row of usage has and this one has not; null where the object has no columns at all.</summary>
    public static string[]? Lacking(PSObject row)
    {
        if (!row.Properties.Any())
        {
            return null;
        }

        string[] lacking = [.. Needed.Where(name => row.Properties[name] is null)];
        bool hasTime = row.Properties[nameof(OpiUsage.Time)] is not null || row.Properties[nameof(OpiUsage.Timestamp)] is not null;
        return hasTime ? lacking : [nameof(OpiUsage.Time), .. lacking];
    }

    public static UsageInput Read(PSObject row)
    {
        try
        {
            return new UsageInput(ToUsage(row));
        }
        catch (FormatException fault)
        {
            return new UsageInput(fault.Message);
        }
    }

    private static OpiUsage ToUsage(PSObject row)
    {
        long input = Count(row, nameof(OpiUsage.InputTokens)) ?? 0;
        long output = Count(row, nameof(OpiUsage.OutputTokens)) ?? 0;
        long cacheRead = Count(row, nameof(OpiUsage.CacheReadTokens)) ?? 0;
        long cacheWrite = Count(row, nameof(OpiUsage.CacheWriteTokens)) ?? 0;
        var usage = new OpiUsage
        {
            Timestamp = Time(row),
            Source = Name<UsageSource>(row, nameof(OpiUsage.Source)),
            SessionId = Text(row, nameof(OpiUsage.SessionId)),
            Project = Text(row, nameof(OpiUsage.Project)),
            Model = Text(row, nameof(OpiUsage.Model)),
            Provider = Text(row, nameof(OpiUsage.Provider)),
            InputTokens = input,
            OutputTokens = output,
            CacheReadTokens = cacheRead,
            CacheWriteTokens = cacheWrite,
            CacheWrite1hTokens = Count(row, nameof(OpiUsage.CacheWrite1hTokens)),
            ReasoningTokens = Count(row, nameof(OpiUsage.ReasoningTokens)),
            TotalTokens = new Usage(input, output, cacheRead, cacheWrite).TotalTokens,
            Priced = Flag(row, nameof(OpiUsage.Priced)) ?? false,
            CostSource = Name<CostSource>(row, nameof(OpiUsage.CostSource)),
            IsSidechain = Flag(row, nameof(OpiUsage.IsSidechain)) ?? false,
            Tier = Name<ServiceTier>(row, nameof(OpiUsage.Tier)),
            WebSearches = (int)(Count(row, nameof(OpiUsage.WebSearches), int.MaxValue) ?? 0),
            ResponseId = Text(row, nameof(OpiUsage.ResponseId)),
            Path = Text(row, nameof(OpiUsage.Path)),
            Machine = Text(row, nameof(OpiUsage.Machine)),
            User = Text(row, nameof(OpiUsage.User)),
            Turn = (int)(Count(row, nameof(OpiUsage.Turn), int.MaxValue) ?? 0),
        };
        usage = WithCost(row, usage);
        return Flag(row, nameof(OpiUsage.HasUsage)) == false ? usage.WithoutUsage() : usage;
    }

    private static OpiUsage WithCost(PSObject row, OpiUsage usage)
    {
        if (Text(row, nameof(OpiUsage.Bill)) is { } bill)
        {
            try
            {
                usage = usage.WithBill(bill);
            }
            catch (FormatException damage)
            {
                throw new FormatException($"Bill '{bill}' is damaged, {damage.Message}.", damage);
            }
        }

        decimal? cost = usage.Cost ?? Amount(row, nameof(OpiUsage.Cost));
        return usage with { Cost = cost, KnownCost = cost ?? 0 };
    }

    private static object? Value(PSObject row, string name) =>
        row.Properties[name]?.Value switch
        {
            null or "" => null,
            PSObject { BaseObject: string text } => text,
            { } value => value,
        };

    /// <summary>A text, without what makes it safe for a spreadsheet.</summary>
    private static string? Text(PSObject row, string name) => Value(row, name) is { } value ? SpreadsheetText.Plain(ArgumentText.Of(value)) : null;

    private static long? Count(PSObject row, string name, long highest = long.MaxValue)
    {
        if (Value(row, name) is not { } value)
        {
            return null;
        }

        string text = ArgumentText.Of(value);
        return ArgumentText.TryWhole(text, out long count) && count >= 0 && count <= highest
            ? count
            : throw new FormatException($"{name} '{text}' is not a whole number.");
    }

    private static decimal? Amount(PSObject row, string name)
    {
        if (Value(row, name) is not { } value)
        {
            return null;
        }

        string text = ArgumentText.Of(value);
        return ArgumentText.TryDecimal(text, out decimal amount) && amount >= 0
            ? amount
            : throw new FormatException($"{name} '{text}' is not a number with a point before its decimals.");
    }

    private static bool? Flag(PSObject row, string name) => Value(row, name) switch
    {
        null => null,
        bool flag => flag,
        PSObject { BaseObject: bool flag } => flag,
        { } value => bool.TryParse(ArgumentText.Of(value), out bool flag) ? flag
            : throw new FormatException($"{name} '{ArgumentText.Of(value)}' is neither True nor False."),
    };

    /// <summary>A name, several of flags, or its number, which a script may have written. The default value for none.</summary>
    private static T Name<T>(PSObject row, string name)
        where T : struct, Enum
    {
        if (Value(row, name) is not { } value)
        {
            return default;
        }

        string text = ArgumentText.Of(value);
        bool isNumber = text.All(char.IsAsciiDigit);
        bool isList = text.Contains(',', StringComparison.Ordinal) && !typeof(T).IsDefined(typeof(FlagsAttribute), inherit: false);
        return !isList && Enum.TryParse(text, ignoreCase: true, out T named) && (isNumber ? Enum.IsDefined(named) : char.IsAsciiLetter(text[0]))
            ? named
            : throw new FormatException($"{name} '{text}' is not one of {string.Join(", ", Enum.GetNames<T>())}.");
    }

    /// <summary>When it came. A text has to be ISO 8601, with the T that no culture writes: 2/1/2026 is two days.</summary>
    private static DateTimeOffset? Time(PSObject row)
    {
        string column = Value(row, nameof(OpiUsage.Time)) is null ? nameof(OpiUsage.Timestamp) : nameof(OpiUsage.Time);
        if (Value(row, column) is not { } value)
        {
            return null;
        }

        if (ArgumentText.Unwrap(value) is not string text)
        {
            try
            {
                return TimeReference.Of(value).In(TimeZoneInfo.Local);
            }
            catch (ArgumentTransformationMetadataException error)
            {
                throw new FormatException($"{column}: {error.Message}", error);
            }
        }

        return TimeReference.OfIso(text) is { } time && (text.Contains('T', StringComparison.Ordinal) || text.Length == "yyyy-MM-dd".Length)
            ? time.In(TimeZoneInfo.Local)
            : throw new FormatException($"{column} '{text}' is a time as one culture writes it, and another day elsewhere.");
    }
}
