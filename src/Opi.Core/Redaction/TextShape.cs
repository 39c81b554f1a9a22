using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Opi;

/// <summary>
/// A form of text to search for. Foreign texts can be long and malicious, so the time must be proportional
/// to their length for any content. Most texts lack the literal, which is searched for first; where they have it, the pattern is tried
/// only at the places from which a match can reach it.
/// </summary>
internal sealed class TextShape
{
    private const string Secret = "secret";

    private readonly string[] _literals;
    private readonly Func<string, bool>? _isSecret;
    private readonly StringComparison _comparison;
    private readonly bool _endless;
    private readonly int _before;
    private readonly SearchValues<char>? _first;
    private readonly SearchValues<char>? _precededBy;
    private readonly Lazy<Regex> _regex;

    /// <param name="literal">What every match holds; several are parted by a bar, and each match holds one of them.</param>
    /// <param name="pattern">What it looks like. A group named <c>secret</c> is the part that counts; without one it is all of it.</param>
    /// <param name="isSecret">Whether what was found is one after all; null for always.</param>
    /// <param name="ignoreCase">Whether case does not count.</param>
    /// <param name="endless">
    /// Whether a search may read on or back without limit; then the pattern is searched for in the whole text, without going back.
    /// </param>
    /// <param name="before">How many characters of a match may come before the literal.</param>
    /// <param name="first">What a match may begin with, if it begins before the literal; null for anything.</param>
    /// <param name="precededBy">What may come directly before the literal, in the match or before it; null for anything.</param>
    public TextShape(
        string literal,
        string pattern,
        Func<string, bool>? isSecret = null,
        bool ignoreCase = false,
        bool endless = false,
        int before = 0,
        string? first = null,
        string? precededBy = null)
    {
        _literals = literal.Split('|');
        _isSecret = isSecret;
        _comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        _endless = endless;
        _before = before;
        _first = SetOf(first);
        _precededBy = SetOf(precededBy);
        Pattern = pattern;
        Options = RegexOptions.CultureInvariant
            | (endless ? RegexOptions.NonBacktracking : RegexOptions.None)
            | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        _regex = new(() => new Regex(endless ? pattern : $@"\G(?:{pattern})", Options));
    }

    internal string Pattern { get; }

    internal RegexOptions Options { get; }

    /// <summary>How often a pattern was tried by this thread.</summary>
    [field: ThreadStatic]
    internal static long Tries { get; private set; }

    public bool IsIn(string text, in TextTrace trace)
    {
        int[]? next = null;
        int from = 0;
        while (MayBeIn(trace) && NextMatch(text, from, ref next) is { } match)
        {
            if (_isSecret is null || _isSecret(PartOf(match).Value))
            {
                return true;
            }

            from = match.Index + match.Length;
        }

        return false;
    }

    public string Replace(string text, in TextTrace trace, string replacement)
    {
        if (!MayBeIn(trace))
        {
            return text;
        }

        StringBuilder? replaced = null;
        int copied = 0, from = 0;
        int[]? next = null;
        while (NextMatch(text, from, ref next) is { } match)
        {
            from = match.Index + match.Length;
            Group part = PartOf(match);
            if (_isSecret is null || _isSecret(part.Value))
            {
                replaced = (replaced ?? new StringBuilder()).Append(text, copied, part.Index - copied).Append(replacement);
                copied = part.Index + part.Length;
            }
        }

        return replaced?.Append(text, copied, text.Length - copied).ToString() ?? text;
    }

    private bool MayBeIn(in TextTrace trace)
    {
        foreach (string literal in _literals)
        {
            if (trace.MayHold(literal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first match that begins at a place or behind it; null for none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">The place.</param>
    /// <param name="next">The next position of each literal; null before the first search.</param>
    private Match? NextMatch(string text, int from, ref int[]? next)
    {
        next ??= [.. _literals.Select(_ => -1)];
        int tried = from;
        while (NextLiteral(text, from, next) is >= 0 and int place)
        {
            if (_endless)
            {
                Tries++;
                return _regex.Value.Match(text, from) is { Success: true } found ? found : null;
            }

            if (_precededBy is null || place == 0 || _precededBy.Contains(text[place - 1]))
            {
                int start = Math.Max(tried, place - _before);
                while ((start = NextStart(text, start, place)) <= place)
                {
                    Tries++;
                    if (_regex.Value.Match(text, start) is { Success: true } match)
                    {
                        return match;
                    }

                    start++;
                }

                tried = place + 1;
            }

            from = place + 1;
        }

        return null;
    }

    /// <summary>The next place from which a match may reach a literal; one after it when there is none.</summary>
    private int NextStart(string text, int start, int literal)
    {
        if (_first is null || start > literal)
        {
            return start;
        }

        int found = text.AsSpan(start, literal - start).IndexOfAny(_first);
        return found < 0 ? literal + 1 : start + found;
    }

    private SearchValues<char>? SetOf(string? characters) => characters is null ? null
        : SearchValues.Create(_comparison == StringComparison.Ordinal ? characters : characters.ToLowerInvariant() + characters.ToUpperInvariant());

    /// <summary>The position of the next literal; -1 when there is none.</summary>
    private int NextLiteral(string text, int from, int[] next)
    {
        int nearest = int.MaxValue;
        for (int i = 0; i < next.Length; i++)
        {
            if (next[i] < from)
            {
                int found = text.AsSpan(from).IndexOf(_literals[i], _comparison);
                next[i] = found < 0 ? int.MaxValue : from + found;
            }

            nearest = Math.Min(nearest, next[i]);
        }

        return nearest == int.MaxValue ? -1 : nearest;
    }

    internal string Redact(Match match, string replacement)
    {
        Group part = PartOf(match);
        int start = part.Index - match.Index;
        return _isSecret is not null && !_isSecret(part.Value)
            ? match.Value
            : string.Concat(match.Value.AsSpan(0, start), replacement, match.Value.AsSpan(start + part.Length));
    }

    private static Group PartOf(Match match) => match.Groups[Secret] is { Success: true } part ? part : match;
}
