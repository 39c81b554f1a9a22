using System.Text.RegularExpressions;

namespace Opi;

/// <summary>
/// Something that texts are searched for by how it looks. Foreign texts can be long and made on purpose, so the time has to be in proportion
/// to their length, whatever they hold; and most texts lack the literal, which is searched for first.
/// </summary>
/// <param name="literal">What every match holds.</param>
/// <param name="pattern">What it looks like.</param>
/// <param name="endless">Whether a search that fails may have read on without limit; then it is done without going back.</param>
internal sealed class TextShape(string literal, string pattern, bool endless = false)
{
    private readonly Lazy<Regex> _regex = new(
        () => new Regex(pattern, RegexOptions.CultureInvariant | (endless ? RegexOptions.NonBacktracking : RegexOptions.None)));

    /// <summary>Whether the text holds it.</summary>
    public bool IsIn(string text) => text.Contains(literal, StringComparison.Ordinal) && _regex.Value.IsMatch(text);

    /// <summary>The text with something else in the place of each match.</summary>
    public string Replace(string text, string replacement) => IsIn(text) ? _regex.Value.Replace(text, replacement) : text;
}
