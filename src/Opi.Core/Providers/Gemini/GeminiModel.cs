using System.Globalization;
using System.Text.RegularExpressions;

namespace Opi;

/// <summary>What depends on which of Gemini's models gets a request.</summary>
internal static partial class GeminiModel
{
    private const int First = 3;

    /// <summary>Whether the name says that it is Gemini 3 or later: its results hold images, and its calls need a signature.</summary>
    public static bool IsThree(string model) => VersionOf(model) >= First;

    /// <summary>Whether the name says that it is an earlier one.</summary>
    public static bool IsEarlier(string model) => VersionOf(model) < First;

    private static int? VersionOf(string model) =>
        Version().Match(model) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"gemini-(\d{1,2})(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
