using System.Globalization;

namespace Opi;

/// <summary>Reads the numbers and times of rows of agents' databases.</summary>
internal static class RowCounts
{
    /// <summary>Sets a count to a column's value. NULL means that there is no count; what is not a count is noted.</summary>
    public static void Set(ref CountTally tally, CountKind kind, StoreRows row, int column)
    {
        if (row.Integer(column) is { } count and >= 0 and <= 1L << 53)
        {
            tally.Set(kind, count);
        }
        else if (!row.Bytes(column).IsEmpty)
        {
            tally.Unknown.Add($"{kind}: it is not a count of tokens");
        }
    }

    /// <summary>A time as SQLite writes it, UTC, or in ISO 8601; null when it is not one.</summary>
    public static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            ? time
            : null;

    /// <summary>A time in seconds or milliseconds since 1970: agents have written both into one column. Null when it is not one.</summary>
    public static DateTimeOffset? TimeOf(long? number) => number switch
    {
        > 0 and < 100_000_000_000 and { } seconds => DateTimeOffset.FromUnixTimeSeconds(seconds),
        >= 100_000_000_000 and < 253_402_300_800_000 and { } milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds),
        _ => null,
    };

    /// <summary>An amount of money; null when it is not one.</summary>
    public static decimal? MoneyOf(double? number) => number is > -1e15 and < 1e15 and { } amount ? (decimal)amount : null;
}
