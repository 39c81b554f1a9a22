using System.Text.RegularExpressions;

namespace Opi;

/// <summary>
/// Something that texts are searched for by how it looks. Foreign texts can be long and made on purpose, so the time has to be in proportion
/// to their length, whatever they hold; and most texts lack the literal, which is searched for first.
/// </summary>
/// <param name="literal">What every match holds.</param>
/// <param name="pattern">What it looks like. A group named <c>secret</c> is the part that counts; without one it is all of it.</param>
/// <param name="isSecret">Whether what was found is one after all; null for always.</param>
/// <param name="ignoreCase">Whether case does not count.</param>
/// <param name="endless">Whether a search that fails may have read on without limit; then it is done without going back.</param>
internal sealed class TextShape(
    string literal, string pattern, Func<string, bool>? isSecret = null, bool ignoreCase = false, bool endless = false)
{
    private const string Secret = "secret";

    private readonly StringComparison _comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
    private readonly Lazy<Regex> _regex = new(() => new Regex(
        pattern,
        RegexOptions.CultureInvariant
            | (endless ? RegexOptions.NonBacktracking : RegexOptions.None)
            | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None)));

    /// <summary>Whether the text holds it.</summary>
    public bool IsIn(string text) =>
        text.Contains(literal, _comparison)
        && (isSecret is null ? _regex.Value.IsMatch(text) : _regex.Value.Matches(text).Any(match => isSecret(PartOf(match).Value)));

    /// <summary>The text with something else in the place of each match.</summary>
    public string Replace(string text, string replacement)
    {
        if (!text.Contains(literal, _comparison))
        {
            return text;
        }

        return _regex.Value.Replace(text, match =>
        {
            Group part = PartOf(match);
            if (isSecret is not null && !isSecret(part.Value))
            {
                return match.Value;
            }

            int start = part.Index - match.Index;
            return string.Concat(match.Value.AsSpan(0, start), replacement, match.Value.AsSpan(start + part.Length));
        });
    }

    private static Group PartOf(Match match) => match.Groups[Secret] is { Success: true } part ? part : match;
}
