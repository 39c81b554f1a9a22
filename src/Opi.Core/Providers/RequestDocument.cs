using System.Text;

namespace Opi;

/// <summary>A document as requests have it: its text, or base64 text of its bytes, or an address; one of them.</summary>
internal readonly record struct RequestDocument(string MediaType, string? Text, string? Base64, string? Url)
{
    public bool IsAt(params string[] schemes) => Uri.TryCreate(Url, UriKind.Absolute, out Uri? address) && schemes.Contains(address.Scheme);

    /// <summary>The text, or the bytes of the text, as base64; null for an address.</summary>
    public string? AnyBase64 => Base64 ?? (Text is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(Text)));

    public static RequestDocument Of(DocumentContent document) =>
        document.Text is { } text ? new(document.MediaType, text, null, null)
        : document.Source?.Data is { } data ? OfBytes(document.MediaType, data)
        : document.Source?.Url is { } url ? new(document.MediaType, null, null, url)
        : new(document.MediaType, "", null, null);

    /// <summary>The document as a message has it. Bytes of a text become the text.</summary>
    public DocumentContent ToContent(string? name) =>
        new(MediaType, Base64 is { } data ? ImageSource.FromBase64(data) : Url is { } url ? ImageSource.FromUrl(url) : null, Text) { Name = name };

    public static RequestDocument OfBytes(string mediaType, string base64)
    {
        if (mediaType.StartsWith("text/", StringComparison.Ordinal))
        {
            var bytes = new byte[base64.Length];
            if (Convert.TryFromBase64String(base64, bytes, out int count))
            {
                return new(mediaType, Encoding.UTF8.GetString(bytes, 0, count), null, null);
            }
        }

        return new(mediaType, null, base64, null);
    }
}
