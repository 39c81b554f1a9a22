using System.Text;

namespace Opi;

/// <summary>
/// A pattern for names: * is any text, ? one character, [abc] and [a-f] one of a set, and a backtick makes the next character literal.
/// Case is ignored, in every culture in the same way. A name equal to the pattern's text matches too, so that the model
/// <c>opus[1m]</c> is found by its name.
/// </summary>
internal sealed class Wildcard
{
    private readonly Part[] _parts;

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">The pattern.</param>
    /// <exception cref="InvalidWildcardException">A set has no end or runs backwards, or the pattern ends with a backtick.</exception>
    public Wildcard(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Text = text;
        _parts = [.. Read(text)];
    }

    /// <summary>The pattern as it was given.</summary>
    public string Text { get; }

    public bool IsMatch(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return string.Equals(Text, name, StringComparison.OrdinalIgnoreCase) || Matches(name);
    }

    public override string ToString() => Text;

    /// <summary>
    /// Where the pattern does not take a character, the last star takes one more of the name: no more steps than name times pattern.
    /// </summary>
    private bool Matches(string name)
    {
        int part = 0, at = 0, star = -1, starAt = 0;
        while (at < name.Length)
        {
            if (part < _parts.Length && _parts[part].IsAnyText)
            {
                star = part++;
                starAt = at;
            }
            else if (part < _parts.Length && _parts[part].Takes(name[at]))
            {
                part++;
                at++;
            }
            else if (star >= 0)
            {
                part = star + 1;
                at = ++starAt;
            }
            else
            {
                return false;
            }
        }

        return _parts.AsSpan(part).IndexOfAnyExcept(Part.AnyText) < 0;
    }

    private static List<Part> Read(string text)
    {
        var parts = new List<Part>();
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '*':
                    parts.Add(Part.AnyText);
                    break;
                case '?':
                    parts.Add(new Part("\0\uFFFF"));
                    break;
                case '[':
                    parts.Add(ReadSet(text, ref i));
                    break;
                case '`':
                    parts.Add(Letter(Escaped(text, ref i)));
                    break;
                default:
                    parts.Add(Letter(text[i]));
                    break;
            }
        }

        return parts;
    }

    /// <summary>Reads a set. A bracket that closes is one of its characters where it comes first.</summary>
    private static Part ReadSet(string text, ref int i)
    {
        int open = i++;
        var ranges = new StringBuilder();
        for (; i < text.Length && (text[i] != ']' || i == open + 1); i++)
        {
            char low = text[i] == '`' ? Escaped(text, ref i) : text[i];
            char high = low;
            if (i + 2 < text.Length && text[i + 1] == '-' && text[i + 2] != ']')
            {
                i += 2;
                high = text[i] == '`' ? Escaped(text, ref i) : text[i];
            }

            if (high < low)
            {
                throw new InvalidWildcardException(text, $"the range {low}-{high} runs backwards");
            }

            ranges.Append(low).Append(high);
        }

        return i < text.Length ? new Part(ranges.ToString()) : throw new InvalidWildcardException(text, "a bracket [ is not closed");
    }

    private static char Escaped(string text, ref int i) =>
        ++i < text.Length ? text[i] : throw new InvalidWildcardException(text, "it ends with a backtick");

    private static Part Letter(char letter) => new($"{letter}{letter}");

    /// <summary>What one place of the pattern takes.</summary>
    /// <param name="Ranges">Pairs of the first and the last character that it takes; null for any text.</param>
    private readonly record struct Part(string? Ranges)
    {
        public static Part AnyText => default;

        public bool IsAnyText => Ranges is null;

        public bool Takes(char c)
        {
            char lower = char.ToLowerInvariant(c);
            char upper = char.ToUpperInvariant(c);
            for (int i = 0; i + 1 < Ranges!.Length; i += 2)
            {
                if (In(c, i) || In(lower, i) || In(upper, i))
                {
                    return true;
                }
            }

            return false;
        }

        private bool In(char c, int pair) => c >= Ranges![pair] && c <= Ranges[pair + 1];
    }
}
