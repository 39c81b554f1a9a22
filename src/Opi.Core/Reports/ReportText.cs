using System.Globalization;

namespace Opi;

/// <summary>Numbers as a report shows them: the same in every culture.</summary>
internal static class ReportText
{
    private const decimal Large = 10_000m;
    private const decimal Whole = 1m;
    private const decimal Smallest = 0.0001m;

    private static readonly (decimal Size, string Unit)[] Units =
    [
        (1_000_000_000_000m, "T"), (1_000_000_000m, "B"), (1_000_000m, "M"), (1_000m, "K")
    ];

    /// <summary>An amount of money; more digits for small ones.</summary>
    public static string Money(decimal amount)
    {
        decimal size = Math.Abs(amount);
        string sign = amount < 0 ? "-" : "";
        return size == 0 ? "$0"
            : size < Smallest ? $"{sign}< $0.0001"
            : sign + "$" + size.ToString(size < Whole ? "0.0000" : "N2", CultureInfo.InvariantCulture);
    }

    /// <summary>An amount of money, a large one without its cents.</summary>
    public static string ShortMoney(decimal amount) =>
        Math.Abs(amount) < Large ? Money(amount) : (amount < 0 ? "-$" : "$") + Math.Abs(amount).ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A round amount for an axis.</summary>
    public static string Level(decimal amount) =>
        "$"
            + (
                amount < Large
                    ? amount.ToString("#,0.########", CultureInfo.InvariantCulture)
                    : ShortCount((long)amount).Replace(" ", "", StringComparison.Ordinal));

    /// <summary>A count, whole.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A short form of a count, for example 12.3 M.</summary>
    public static string ShortCount(long count)
    {
        foreach ((decimal size, string unit) in Units)
        {
            if (count >= size)
            {
                return (count / size).ToString(count >= 100 * size ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + unit;
            }
        }

        return Count(count);
    }

    /// <summary>A part as a percentage; a dash when the whole is 0.</summary>
    public static string Share(decimal part, decimal whole) =>
        whole == 0 ? "-" : ((double)part / (double)whole * 100).ToString("0.0", CultureInfo.InvariantCulture) + "%";

    /// <summary>A day.</summary>
    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A time to the minute.</summary>
    public static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A number and its noun.</summary>
    public static string Plural(long count, string one, string many) => $"{Count(count)} {(count == 1 ? one : many)}";

    /// <summary>A name cut to a length: its middle goes.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        int head = (length - 1) / 3;
        int tail = text.Length - (length - 1 - head);
        head -= char.IsHighSurrogate(text[head - 1]) ? 1 : 0;
        tail += char.IsLowSurrogate(text[tail]) ? 1 : 0;
        return string.Concat(text.AsSpan(0, head), "\u2026", text.AsSpan(tail));
    }
}
