using System.Buffers.Binary;

namespace Opi;

/// <summary>
/// Estimates the tokens of an image by Anthropic's rule: a token for each 750 pixels, after it has been made smaller until its long edge is
/// at most 1,568 pixels and it takes at most 1,600 tokens. The size is read from the image's header; where it cannot be, as with the
/// address of an image, it counts as the largest.
/// </summary>
internal static class ImageTokens
{
    /// <summary>The most that an image takes, and what one of unknown size counts.</summary>
    public const long Most = 1600;

    private const double PixelsPerToken = 750;
    private const double LongEdge = 1568;

    /// <summary>Most images have their size here; a JPEG may have its preview and its colour profile before it.</summary>
    private static ReadOnlySpan<int> HeaderChars => [64, 256 * 1024];

    public static long Count(ImageContent image) => SizeOf(image.Source) is (> 0 and int width, > 0 and int height) ? Count(width, height) : Most;

    /// <summary>The width and height of an image in pixels; null when they cannot be read.</summary>
    public static (int Width, int Height)? SizeOf(ImageSource source)
    {
        if (source.Bytes is { } bytes)
        {
            return SizeOf(bytes.Span);
        }

        if (source.Data is { } data)
        {
            foreach (int limit in HeaderChars)
            {
                int chars = Math.Min(data.Length, limit) / 4 * 4;
                var header = new byte[chars / 4 * 3];
                if (Convert.TryFromBase64Chars(data.AsSpan(0, chars), header, out int read) && SizeOf(header.AsSpan(0, read)) is { } size)
                {
                    return size;
                }
            }
        }

        return null;
    }

    private static long Count(int width, int height)
    {
        double scale = Math.Min(1, LongEdge / Math.Max(width, height));
        return Math.Clamp((long)Math.Ceiling(width * scale * height * scale / PixelsPerToken), 1, Most);
    }

    private static (int Width, int Height)? SizeOf(ReadOnlySpan<byte> data)
    {
        if (data.Length >= 24 && data.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']))
        {
            return (BinaryPrimitives.ReadInt32BigEndian(data[16..]), BinaryPrimitives.ReadInt32BigEndian(data[20..]));
        }

        if (data.Length >= 10 && data.StartsWith("GIF8"u8))
        {
            return (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]), BinaryPrimitives.ReadUInt16LittleEndian(data[8..]));
        }

        if (data.Length >= 30 && data.StartsWith("RIFF"u8) && data[8..].StartsWith("WEBP"u8))
        {
            return WebPSize(data[12..]);
        }

        return data.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]) ? JpegSize(data[2..]) : null;
    }

    private static (int Width, int Height)? WebPSize(ReadOnlySpan<byte> chunk)
    {
        if (chunk.StartsWith("VP8X"u8))
        {
            return (
                (BinaryPrimitives.ReadInt32LittleEndian(chunk[12..]) & 0xFFFFFF) + 1,
                (BinaryPrimitives.ReadInt32LittleEndian(chunk[14..]) >>> 8) + 1);
        }

        if (chunk.StartsWith("VP8L"u8))
        {
            int bits = BinaryPrimitives.ReadInt32LittleEndian(chunk[9..]);
            return ((bits & 0x3FFF) + 1, ((bits >>> 14) & 0x3FFF) + 1);
        }

        return chunk.StartsWith("VP8 "u8)
            ? (BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(chunk[16..]) & 0x3FFF)
            : null;
    }

    /// <summary>Walks over the segments to the one that begins a frame.</summary>
    private static (int Width, int Height)? JpegSize(ReadOnlySpan<byte> rest)
    {
        while (rest.Length >= 9 && rest[0] == 0xFF)
        {
            byte marker = rest[1];
            if (marker is 0xFF or 0x01 or (>= 0xD0 and <= 0xD7))
            {
                rest = rest[(marker == 0xFF ? 1 : 2)..]; // filling, or a marker without a length
                continue;
            }

            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return (BinaryPrimitives.ReadUInt16BigEndian(rest[7..]), BinaryPrimitives.ReadUInt16BigEndian(rest[5..]));
            }

            int length = 2 + BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (length > rest.Length)
            {
                break;
            }

            rest = rest[length..];
        }

        return null;
    }
}
