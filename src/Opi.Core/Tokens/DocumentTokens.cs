namespace Opi;

/// <summary>The tokens of a document whose text is not available, for example a PDF.</summary>
internal static class DocumentTokens
{
    /// <summary>
    /// Anthropic's guide says that a page of a PDF takes 1,500 to 3,000 tokens of text, and an image of the page as well; a page of text has
    /// about 30 KB of file.
    /// </summary>
    private const long TokensOfPage = 2_500;
    private const long BytesOfPage = 30_000;

    /// <summary>A rough count, from the file's size; one page for a document that is only named by its address.</summary>
    public static long Count(DocumentContent document) => TokensOfPage * Math.Max(1, (document.Source?.Length ?? 0) / BytesOfPage);
}
