using System.Globalization;
using System.Text.RegularExpressions;

namespace Opi;

/// <summary>What depends on which of Anthropic's models gets a request.</summary>
internal static partial class ClaudeModel
{
    /// <summary>
    /// Whether it takes messages of the system's in the midst: Opus 4.8, Fable 5 and those after them. Others, and names that are not known,
    /// do not.
    /// </summary>
    public static bool TakesSystemMessages(string model)
    {
        Match match = Version().Match(model);
        if (!match.Success)
        {
            return false;
        }

        int major = int.Parse(match.Groups["major"].Value, CultureInfo.InvariantCulture);
        int minor = match.Groups["minor"] is { Success: true, Value: var text } ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
        return match.Groups["family"].Value == "opus" ? (major, minor).CompareTo((4, 8)) >= 0 : major >= 5;
    }

    [GeneratedRegex(@"(?<family>opus|fable)-(?<major>\d{1,2})(?:[-.](?<minor>\d{1,2}))?(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
