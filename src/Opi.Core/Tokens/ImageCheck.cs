namespace Opi;

/// <summary>
/// Checks an image before a session holds it. A session is never rewritten, and a provider refuses every later request with an image that is not
/// of its stated type.
/// </summary>
internal static class ImageCheck
{
    private const int LongestEdge = 8000;
    private const int LongestEdgeOfMany = 2000;
    private const long MostBytes = 5 * 1024 * 1024;

    /// <summary>What the bytes are: image/png, image/jpeg, image/gif or image/webp; null when they are none of these.</summary>
    /// <param name="data">The bytes of a file.</param>
    public static string? MediaTypeOf(ReadOnlySpan<byte> data) =>
        data.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']) ? "image/png"
            : data.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
            : data.StartsWith("GIF87a"u8) || data.StartsWith("GIF89a"u8) ? "image/gif"
            : data.Length >= 12 && data.StartsWith("RIFF"u8) && data[8..].StartsWith("WEBP"u8) ? "image/webp"
            : null;

    /// <summary>What the bytes are instead of an image that a session can hold, in words.</summary>
    /// <param name="data">The bytes of a file.</param>
    public static string Describe(ReadOnlySpan<byte> data)
    {
        string? kind = data.IsEmpty ? "it is empty"
            : data.Length >= 12 && data[4..].StartsWith("ftyp"u8) && IsHeif(data[8..12]) ? "it is a HEIC or AVIF image"
            : data.StartsWith("BM"u8) ? "it is a BMP image"
            : data.StartsWith("II*\0"u8) || data.StartsWith("MM\0*"u8) ? "it is a TIFF image"
            : data.StartsWith("%PDF-"u8) ? "it is a PDF document"
            : data.TrimStart(" \t\r\n\u00ef\u00bb\u00bf"u8).StartsWith("<"u8) ? "it is HTML, SVG or other XML"
            : null;
        return kind ?? "its bytes are not those of a known image";
    }

    /// <summary>Why a provider may refuse the image, a line each; empty when nothing speaks against it.</summary>
    public static IReadOnlyList<string> Warnings(ImageContent image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var warnings = new List<string>();
        long bytes = image.Source.Length;
        if (bytes > MostBytes)
        {
            warnings.Add($"it has {bytes / 1024.0 / 1024.0:0.0} MB, and Anthropic takes 5 MB, Bedrock 3.75");
        }

        if (ImageTokens.SizeOf(image.Source) is var (width, height) && Math.Max(width, height) > LongestEdgeOfMany)
        {
            warnings.Add(Math.Max(width, height) > LongestEdge
                ? $"it has {width} x {height} pixels, and Anthropic and Bedrock take {LongestEdge} on an edge"
                : $"it has {width} x {height} pixels, and Anthropic takes {LongestEdgeOfMany} on an edge where a request has more than 20 images");
        }

        return warnings;
    }

    private static bool IsHeif(ReadOnlySpan<byte> brand) =>
        brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8) || brand.StartsWith("mif1"u8) || brand.StartsWith("msf1"u8)
            || brand.StartsWith("avif"u8);
}
