namespace Opi;

/// <summary>Finds what is looked for in a text.</summary>
internal abstract class SearchTerm
{
    /// <summary>The term of a request; null where nothing but a tool or a file is looked for.</summary>
    public static SearchTerm? Of(SearchRequest request) =>
        request.Pattern is not null ? new PatternTerm(request.Pattern)
        : request.Text is not null ? new TextTerm(request.Text, request.CaseSensitive)
        : null;

    /// <summary>The first position of the term at or after a place; a length below 0 when there is none.</summary>
    public abstract (int Start, int Length) Find(string text, int from);

    /// <summary>How often it is in a text.</summary>
    public int Count(string text, CancellationToken cancellation)
    {
        int count = 0;
        for ((int start, int length) = Find(text, 0); length >= 0; (start, length) = Find(text, start))
        {
            cancellation.ThrowIfCancellationRequested();
            count++;
            start += Math.Max(1, length);
            if (start > text.Length)
            {
                break;
            }
        }

        return count;
    }
}
