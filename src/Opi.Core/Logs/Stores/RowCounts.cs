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
            tally.Unknown.AddBadCount($"{kind}: it is not a count of tokens");
        }
    }

    /// <summary>A time as SQLite writes it, UTC, or in ISO 8601; null when it is not one.</summary>
    public static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            ? time
            : null;

    /// <summary>A time in a number since 1970, of which the size shows the unit; null when it is not one.</summary>
    public static DateTimeOffset? TimeOf(long? number) => LogText.FromUnix(number);

    /// <summary>An amount of money; null when it is not one.</summary>
    public static decimal? MoneyOf(double? number) => number is > -1e15 and < 1e15 and { } amount ? (decimal)amount : null;
}
