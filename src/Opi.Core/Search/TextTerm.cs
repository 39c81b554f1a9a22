namespace Opi;

/// <summary>
/// A text to search for literally. White space in it matches any white space, so that a line break does not hide it.
/// </summary>
internal sealed class TextTerm : SearchTerm
{
    private readonly string[] _words;
    private readonly bool _spaceBefore;
    private readonly bool _spaceAfter;
    private readonly StringComparison _comparison;

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text; not only white space.</param>
    /// <param name="caseSensitive">Whether upper and lower case differ.</param>
    public TextTerm(string text, bool caseSensitive)
    {
        _words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        ArgumentOutOfRangeException.ThrowIfZero(_words.Length);
        _spaceBefore = char.IsWhiteSpace(text[0]);
        _spaceAfter = char.IsWhiteSpace(text[^1]);
        _comparison = caseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
    }

    /// <inheritdoc/>
    public override (int Start, int Length) Find(string text, int from)
    {
        while (from <= text.Length)
        {
            int start = text.IndexOf(_words[0], from, _comparison);
            if (start < 0)
            {
                break;
            }

            int end = EndOf(text, start);
            if (end >= 0 && !(_spaceBefore && (start == 0 || !char.IsWhiteSpace(text[start - 1]))))
            {
                return (start, end - start);
            }

            from = start + 1;
        }

        return (0, -1);
    }

    /// <summary>The end of the text whose first word is at a place; -1 when the other words do not follow.</summary>
    private int EndOf(string text, int start)
    {
        int at = start + _words[0].Length;
        foreach (string word in _words.AsSpan(1))
        {
            int next = PassSpace(text, at);
            if (next == at || string.Compare(text, next, word, 0, word.Length, _comparison) != 0)
            {
                return -1;
            }

            at = next + word.Length;
        }

        return _spaceAfter && PassSpace(text, at) == at ? -1 : at;
    }

    private static int PassSpace(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return at;
    }
}
