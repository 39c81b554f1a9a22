namespace Opi;

/// <summary>An image as requests have it: base64 text or an address, one of them.</summary>
internal readonly record struct RequestImage(string MediaType, string? Base64, string? Url)
{
    /// <summary>The address, or one that holds the image itself.</summary>
    public string AnyUrl => Url ?? $"data:{MediaType};base64,{Base64}";

    public bool IsAt(params string[] schemes) => Uri.TryCreate(Url, UriKind.Absolute, out Uri? address) && schemes.Contains(address.Scheme);

    public static RequestImage Of(ImageContent image) => Of(image.Source, image.MediaType);

    public static RequestImage Of(ImageSource source, string mediaType) =>
        source.Url is { } url ? OfUrl(url, mediaType) : new(mediaType, source.Data, null);

    /// <summary>
    /// The image at an address, which may hold the image itself. Without a media type the extension decides, else it counts as PNG.
    /// </summary>
    public static RequestImage OfUrl(string url, string? mediaType = null)
    {
        const string Mark = ";base64,";
        int mark = url.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? url.IndexOf(Mark, StringComparison.OrdinalIgnoreCase) : -1;
        return mark < 0
            ? new(mediaType ?? ImageContent.MediaTypeOf(url) ?? "image/png", null, url)
            : new(url["data:".Length..mark], url[(mark + Mark.Length)..], null);
    }

    /// <summary>The image as a message has it; null when it is of a type that no session can hold.</summary>
    public ImageContent? ToContent() => !ImageContent.MediaTypes.Contains(MediaType) ? null
        : new ImageContent(Base64 is { } data ? ImageSource.FromBase64(data) : ImageSource.FromUrl(Url!), MediaType);
}
