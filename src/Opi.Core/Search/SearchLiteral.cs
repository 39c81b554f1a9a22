using System.Globalization;
using System.Text;

namespace Opi;

/// <summary>
/// Finds in a pattern a text that every match has, so that only lines with it need to be read. It is careful: when it is not sure it
/// finds none, and then each line is read.
/// </summary>
internal static class SearchLiteral
{
    private const string Special = "\\.[](){}*+?|^$#";

    /// <summary>The longest such text; empty when there is none for certain.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="caseSensitive">Whether upper and lower case differ.</param>
    public static string Of(string pattern, bool caseSensitive)
    {
        if (pattern.Contains('|', StringComparison.Ordinal) || pattern.Contains("(?", StringComparison.Ordinal))
        {
            return ""; // one of several, or with its own options
        }

        string best = "";
        var run = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            bool isPlain = depth == 0 && Special.IndexOf(c, StringComparison.Ordinal) < 0 && (caseSensitive || HasFewSpellings(c));
            if (isPlain)
            {
                run.Append(c);
                continue;
            }

            if (c is '*' or '?' or '{' && run.Length > 0)
            {
                run.Length--; // the character before may be missing
            }

            End();
            if (c == '\\')
            {
                i = EndOfEscape(pattern, i);
            }
            else if (c == '[')
            {
                i = EndOfSet(pattern, i);
            }
            else if (c == '{')
            {
                i = pattern.IndexOf('}', i) is >= 0 and var close ? close : pattern.Length;
            }
            else
            {
                depth += c == '(' ? 1 : c == ')' ? -1 : 0; // a group may be missing as a whole
            }
        }

        End();
        return best;

        void End()
        {
            best = run.Length > best.Length ? run.ToString() : best;
            run.Clear();
        }
    }

    /// <summary>
    /// Whether a pattern that ignores case takes only such characters for this one as the search for bytes does: not k, i and s, which it also
    /// takes for other characters, nor letters that have a case outside ASCII, such as the ohm sign for omega.
    /// </summary>
    private static bool HasFewSpellings(char c) =>
        char.IsAscii(c) ? !"kKiIsS".Contains(c, StringComparison.Ordinal) : char.GetUnicodeCategory(c) == UnicodeCategory.OtherLetter;

    private static int EndOfEscape(string pattern, int at) => (at + 1 < pattern.Length ? pattern[at + 1] : ' ') switch
    {
        'x' => at + 3,
        'u' => at + 5,
        'c' => at + 2,
        'p' or 'P' or 'k' => pattern.IndexOfAny(['}', '>', '\''], Math.Min(at + 3, pattern.Length)) is >= 0 and var close ? close : pattern.Length,
        >= '0' and <= '9' => at + Digits(pattern, at + 1),
        _ => at + 1,
    };

    private static int Digits(string pattern, int from)
    {
        int count = 0;
        while (from + count < pattern.Length && char.IsAsciiDigit(pattern[from + count]))
        {
            count++;
        }

        return count;
    }

    private static int EndOfSet(string pattern, int at)
    {
        for (int i = at + 2; i < pattern.Length; i++) // a bracket that comes first is one of the set
        {
            if (pattern[i] == '\\')
            {
                i++;
            }
            else if (pattern[i] == '[')
            {
                return pattern.Length; // one set less another: rare, and not read here
            }
            else if (pattern[i] == ']' && !(i == at + 2 && pattern[at + 1] == '^'))
            {
                return i;
            }
        }

        return pattern.Length;
    }
}
