namespace Opi;

/// <summary>A text as one line of limited length, with a single space where white space was.</summary>
internal static class OneLine
{
    /// <summary>The beginning of a text, and dots where there is more of it.</summary>
    public static string Of(string text, int characters)
    {
        // A long text is cut first: a result of 100 MB must not be split for one line.
        int most = Math.Min(text.Length, 4 * characters);
        string line = string.Join(' ', text[..most].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.Length <= characters && most == text.Length)
        {
            return line;
        }

        int end = Math.Min(line.Length, characters);
        end -= end > 0 && char.IsHighSurrogate(line[end - 1]) ? 1 : 0;
        return line[..end].TrimEnd() + "...";
    }
}
