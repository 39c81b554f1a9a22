using System.Text;

namespace Opi.PowerShell;

/// <summary>
/// Reads a document from a file: a text as text, a PDF as it is. What it is its bytes say; its name only says of what kind a text is.
/// </summary>
internal static class DocumentFile
{
    private static readonly Dictionary<string, string> TextTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        [".md"] = "text/markdown",
        [".csv"] = "text/csv",
        [".htm"] = "text/html",
        [".html"] = "text/html",
        [".xml"] = "text/xml",
        [".json"] = "application/json",
    };

    /// <summary>The document.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shown">Its path as it was given, for errors.</param>
    /// <exception cref="InvalidFileException">It is empty, or neither text nor PDF.</exception>
    public static DocumentContent Read(string path, string shown)
    {
        byte[] bytes = GivenFile.ReadAllBytes(path);
        string name = Path.GetFileName(path);
        if (bytes.AsSpan().StartsWith("%PDF-"u8))
        {
            return new DocumentContent("application/pdf", ImageSource.FromBase64(Convert.ToBase64String(bytes)), null) { Name = name };
        }

        return TextOf(bytes) is { } text && !string.IsNullOrWhiteSpace(text)
            ? new DocumentContent(TextTypes.GetValueOrDefault(Path.GetExtension(path), "text/plain"), null, text) { Name = name }
            : throw new InvalidFileException(
                bytes.Length == 0 ? $"The document '{shown}' is empty."
                    : ImageCheck.MediaTypeOf(bytes) is not null ? $"'{shown}' is an image: give it to -ImagePath."
                    : $"The document '{shown}' is neither text nor PDF: turn it into one of these.");
    }

    /// <summary>The text of bytes in UTF-8, or in UTF-16 or UTF-32 with a mark; null when they are not text.</summary>
    private static string? TextOf(byte[] bytes)
    {
        bool hasMark = bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);
        if (!hasMark && (bytes.Contains((byte)0) || !System.Text.Unicode.Utf8.IsValid(bytes)))
        {
            return null;
        }

        using var reader = new StreamReader(new MemoryStream(bytes), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }
}
