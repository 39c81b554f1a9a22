using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Opi;

/// <summary>Reads from an error when the request may be sent again.</summary>
internal static class RetryTime
{
    private static readonly Regex Words = new(
        @"(?:try again|retry|retrying) (?:in|after) (?<time>(?:\d+(?:\.\d+)?\s?(?:ms|seconds?|s|minutes?|m|hours?|h)\s?)+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly Regex Part = new(
        @"(?<number>\d+(?:\.\d+)?)\s?(?<unit>ms|s|m|h)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>How long the error asks to wait; null when it does not.</summary>
    public static TimeSpan? In(JsonElement reply)
    {
        JsonElement error = reply.Object("error") ?? reply;
        foreach (JsonElement detail in error.Items("details"))
        {
            if (detail.Text("retryDelay") is { } delay && Sum(delay) is { } wait)
            {
                return wait; // Gemini
            }
        }

        foreach ((string name, double scale) in ((string, double)[])[("retry_after", 1), ("retry_after_ms", 0.001), ("retry_after_seconds", 1)])
        {
            if ((error.Get(name) ?? error.Get("metadata", name)) is { ValueKind: JsonValueKind.Number } number
                && Of(number.GetDouble() * scale) is { } wait)
            {
                return wait;
            }
        }

        return Words.Match(error.Text("message") ?? reply.Text("message") ?? "") is { Success: true } match ? Sum(match.Groups["time"].Value) : null;
    }

    private static TimeSpan? Sum(string text)
    {
        Match[] parts = [.. Part.Matches(text).OfType<Match>()];
        return parts.Length == 0 ? null : Of(parts.Sum(part => double.Parse(part.Groups["number"].Value, CultureInfo.InvariantCulture)
            * part.Groups["unit"].Value.ToUpperInvariant() switch { "MS" => 0.001, "M" => 60, "H" => 3600, _ => 1 }));
    }

    private static TimeSpan? Of(double seconds) => seconds is >= 0 and < 864000 ? TimeSpan.FromSeconds(seconds) : null;
}
