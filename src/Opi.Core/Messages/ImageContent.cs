using System.Collections.Immutable;

namespace Opi;

/// <summary>An image.</summary>
public sealed record ImageContent : IInputContent
{
    /// <summary>The media types a session can hold.</summary>
    public static readonly ImmutableArray<string> MediaTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"];

    /// <summary>Makes an image block.</summary>
    /// <param name="source">Where the bytes are.</param>
    /// <param name="mediaType">One of <see cref="MediaTypes"/>.</param>
    /// <exception cref="ArgumentException">Another media type.</exception>
    public ImageContent(ImageSource source, string mediaType)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (!MediaTypes.Contains(mediaType))
        {
            throw new ArgumentException(
                $"'{mediaType}' is not a media type a session can hold; use one of {string.Join(", ", MediaTypes)}.", nameof(mediaType));
        }

        Source = source;
        MediaType = mediaType;
    }

    /// <summary>The media type for the extension of a file name or address; null when a session cannot hold it.</summary>
    public static string? MediaTypeOf(string name)
    {
        string path = Uri.TryCreate(name, UriKind.Absolute, out Uri? address) ? address.AbsolutePath : name;
        return Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".PNG" => "image/png",
            ".JPG" or ".JPEG" => "image/jpeg",
            ".GIF" => "image/gif",
            ".WEBP" => "image/webp",
            _ => null,
        };
    }

    /// <summary>Where the bytes are.</summary>
    public ImageSource Source { get; }

    /// <summary>What the bytes are.</summary>
    public string MediaType { get; }

    /// <summary>How closely the provider looks at it (OpenAI: low, high, auto, original); null for the provider's default.</summary>
    public string? Detail { get; init; }

    /// <inheritdoc/>
    public string Type => "image";

    /// <summary>The image in a message's text, for example <c>[image: image/png]</c>.</summary>
    public override string ToString() => $"[image: {MediaType}]";

    bool IInputContent.IsKnownKind => true;
}
