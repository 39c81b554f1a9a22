using System.Globalization;

namespace Opi;

/// <summary>The time stamps of headers and entries: UTC, whole seconds.</summary>
internal static class WireTime
{
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The time whole, in ISO 8601 and UTC; null for none.</summary>
    public static string? ToText(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>The time; null when the text is not a time. Readers keep the text as it is, so this never fails.</summary>
    public static DateTimeOffset? Parse(string? text) =>
        DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            ? time
            : null;

    /// <summary>The time of Unix milliseconds; null when a time cannot hold them.</summary>
    public static DateTimeOffset? FromUnixMilliseconds(long milliseconds) =>
        milliseconds is >= -62_135_596_800_000 and < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
}
