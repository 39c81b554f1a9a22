using System.Globalization;

namespace Opi;

/// <summary>Where the bytes of an image or a document are: at an address, or here.</summary>
public sealed record ImageSource
{
    private readonly string? _base64;
    private readonly ValueBytes? _bytes;

    private ImageSource(string? url, string? base64, ValueBytes? bytes) => (Url, _base64, _bytes) = (url, base64, bytes);

    /// <summary>The address; null when the bytes are here.</summary>
    public string? Url { get; }

    /// <summary>The bytes as base64 text; null when they are at an address. A text that was given is not checked.</summary>
    public string? Data => _base64 ?? (_bytes is { } bytes ? Convert.ToBase64String(bytes.Data.Span) : null);

    /// <summary>The bytes where they were given as such; else null.</summary>
    internal ReadOnlyMemory<byte>? Bytes => _bytes?.Data;

    /// <summary>How many bytes there are, about; 0 for an address.</summary>
    internal long Length => _bytes?.Data.Length ?? (_base64?.Length ?? 0) / 4L * 3;

    /// <summary>An image or a document that is elsewhere.</summary>
    public static ImageSource FromUrl(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return new(url, null, null);
    }

    /// <summary>Base64 text.</summary>
    public static ImageSource FromBase64(string data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new(null, data, null);
    }

    /// <summary>Bytes. In a file they are an array of numbers, which takes about four times their size; base64 takes 1.3.</summary>
    public static ImageSource FromBytes(ReadOnlyMemory<byte> data) => new(null, null, data);

    /// <summary>The address, or how many bytes there are.</summary>
    public override string ToString() => Url ?? string.Create(CultureInfo.InvariantCulture, $"{Length} bytes");
}
