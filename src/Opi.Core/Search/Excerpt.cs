namespace Opi;

/// <summary>Cuts the line with a hit out of a text, for people to see.</summary>
internal static class Excerpt
{
    /// <summary>How much of a long line is shown on each side of a hit.</summary>
    private const int Margin = 120;

    private const int LongestHit = 240;

    private const char Ellipsis = '\u2026';

    /// <summary>The line with a hit, and where in it the hit is.</summary>
    /// <param name="text">The text.</param>
    /// <param name="hit">Where the hit is; of length 0 for the text's beginning.</param>
    /// <param name="context">How many lines before and after it are wanted.</param>
    public static (string Line, int Start, int Length) Of(string text, (int Start, int Length) hit, int context)
    {
        int end = hit.Start + Math.Min(hit.Length, LongestHit);
        end -= end < text.Length && end > hit.Start && char.IsHighSurrogate(text[end - 1]) ? 1 : 0;
        int from = LineStart(text, hit.Start), to = LineEnd(text, end);
        for (int line = 0; line < context; line++)
        {
            from = LineStart(text, Math.Max(0, from - 1));
            to = LineEnd(text, Math.Min(text.Length, to + 1));
        }

        int margin = Margin * (context + 1);
        string head = from < hit.Start - margin ? Ellipsis + text[Whole(text, hit.Start - margin)..hit.Start] : text[from..hit.Start];
        string tail = to > end + margin ? text[end..Whole(text, end + margin)] + Ellipsis : text[end..to];
        head = Show(head.TrimStart('\n', ' ', '\t'), context);
        string middle = Show(text[hit.Start..end], context);
        return (head + middle + Show(tail.TrimEnd(), context), head.Length, middle.Length);
    }

    private static string Show(string text, int context) =>
        context == 0 ? VisibleText.Of(text).ReplaceLineEndings(" ") : VisibleText.Of(text);

    private static int LineStart(string text, int at) => at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;

    private static int LineEnd(string text, int at) =>
        at < text.Length && text.IndexOf('\n', at) is >= 0 and var end ? end : text.Length;

    /// <summary>A place that does not divide a character.</summary>
    private static int Whole(string text, int at) => at < text.Length && char.IsLowSurrogate(text[at]) ? at + 1 : at;
}
