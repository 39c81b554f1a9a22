using System.Text.RegularExpressions;

namespace Opi;

/// <summary>
/// The sentences of a text that are worth keeping word for word: what was decided or demanded, by the words of such sentences in English,
/// and sentences with figures. Code is skipped.
/// </summary>
internal static partial class KeySentences
{
    /// <summary>A sentence is kept up to so many characters.</summary>
    public const int LongestSentence = 160;

    private const int ShortestSentence = 12;
    private const int MostCharacters = 200_000; // of a text that are looked at
    private const int MostLines = 3; // with a figure in a tool's result; more of them are a listing

    /// <summary>The key sentences of a text, from a position on.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Sentences that begin before this place are skipped.</param>
    public static IReadOnlyList<(string Sentence, bool IsDecision)> Of(string text, int from = 0)
    {
        var found = new List<(string, bool)>();
        bool inCode = false;
        int at = 0;
        foreach (string line in text[..Math.Min(text.Length, MostCharacters)].Split('\n'))
        {
            int start = at;
            at += line.Length + 1;
            string trimmed = line.Trim();
            if (trimmed.StartsWith("```", StringComparison.Ordinal))
            {
                inCode = !inCode;
            }
            else if (!inCode && !line.StartsWith("    ", StringComparison.Ordinal) && !line.StartsWith('\t'))
            {
                foreach (ValueMatch match in SentenceEnd().EnumerateMatches(trimmed))
                {
                    string sentence = Mark().Replace(trimmed.Substring(match.Index, match.Length).Trim(), "");
                    bool isDecision = Decision().IsMatch(sentence);
                    if (start + match.Index >= from && sentence.Length >= ShortestSentence && (isDecision || Figure().IsMatch(sentence)))
                    {
                        found.Add((OneLine.Of(sentence, LongestSentence), isDecision));
                    }
                }
            }
        }

        return found;
    }

    /// <summary>The lines of a tool's result that are a name and a figure, where there are only a few.</summary>
    public static IReadOnlyList<string> OfResult(string text)
    {
        var lines = new List<string>();
        foreach (ValueMatch match in NamedFigure().EnumerateMatches(text.AsSpan(0, Math.Min(text.Length, MostCharacters))))
        {
            if (lines.Count == MostLines)
            {
                return [];
            }

            lines.Add(text.Substring(match.Index, match.Length).Trim());
        }

        return lines;
    }

    [GeneratedRegex(@"[^.!?。！？]+(?:[.!?](?!\s|$)[^.!?。！？]*)*[.!?。！？]*", RegexOptions.CultureInvariant)]
    private static partial Regex SentenceEnd();

    /// <summary>What begins an item of a list, or a heading.</summary>
    [GeneratedRegex(@"^(?:[-*+]|#{1,6}|\d{1,3}[.)])\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Mark();

    [GeneratedRegex(
        @"\b(?:deci(?:de|ded|des|sion|sions)|agreed|choose|chose|chosen|settle[ds]? on|go(?:ing)? with|went with|instead of|rather than|let's"
            + @"|we(?:'ll| will| use)|from now on|by design|must|never|always|do not|don't|required?|prefer(?:s|red)?|plan is|keep)\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Decision();

    /// <summary>A number of two digits or more, or one with a unit; not what is part of a name or a path.</summary>
    [GeneratedRegex(@"(?<![\w./\\-])[$€£]?\d(?:[\d,. ]*\d|(?:\.\d+)?\s?(?:%|[kKMG]?B|ms|s|min|h|x)\b)(?![\w/\\-])", RegexOptions.CultureInvariant)]
    private static partial Regex Figure();

    [GeneratedRegex(
        @"^[ \t]*\p{L}[\p{L}\d /_()-]{1,39}\s?[:=]\s?[$€£]?\d[\d,.]*\s?[\p{L}%/]{0,8}[ \t]*\r?$",
        RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex NamedFigure();
}
