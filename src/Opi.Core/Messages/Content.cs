using System.Collections.Immutable;

namespace Opi;

/// <summary>A block of a user's message or of a tool's result: <see cref="TextContent"/> or <see cref="ImageContent"/>.</summary>
public interface IInputContent
{
    /// <summary>The block's name in the file: text or image.</summary>
    string Type { get; }
}

/// <summary>A block of a model's answer: <see cref="TextContent"/>, <see cref="ThinkingContent"/> or <see cref="ToolCallContent"/>.</summary>
public interface IAssistantContent
{
    /// <summary>The block's name in the file: text, thinking or tool_call.</summary>
    string Type { get; }
}

/// <summary>Plain text.</summary>
/// <param name="Text">The text; may be empty.</param>
public sealed record TextContent(string Text) : IInputContent, IAssistantContent
{
    /// <inheritdoc cref="IInputContent.Type"/>
    public string Type => "text";
}

/// <summary>What the model thought before it answered, and what its provider needs to take it back.</summary>
/// <param name="Thinking">The text; empty when the provider shows none.</param>
public sealed record ThinkingContent(string Thinking) : IAssistantContent
{
    /// <summary>The provider's id of it (OpenAI Responses); null for none.</summary>
    public string? Id { get; init; }

    /// <summary>The provider's proof that it is its own (Anthropic, Bedrock, Gemini); null for none. Without a text: of the text before it (Gemini).</summary>
    public string? Signature { get; init; }

    /// <summary>The thinking as only the provider can read it (redacted by Anthropic or Bedrock, encrypted by OpenAI Responses); null for none.</summary>
    public string? EncryptedContent { get; init; }

    /// <inheritdoc/>
    public string Type => "thinking";
}

/// <summary>The model asks for a tool.</summary>
/// <param name="Id">Names the call; the result refers to it.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">The arguments as JSON text, as the model gave them.</param>
public sealed record ToolCallContent(string Id, string Name, string Arguments) : IAssistantContent
{
    /// <summary>The provider's proof of the thinking that led to the call (Gemini); null for none.</summary>
    public string? Signature { get; init; }

    /// <inheritdoc/>
    public string Type => "tool_call";
}

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
            throw new ArgumentException($"'{mediaType}' is not a media type a session can hold; use one of {string.Join(", ", MediaTypes)}.", nameof(mediaType));
        }

        Source = source;
        MediaType = mediaType;
    }

    /// <summary>The media type by the ending of a file's name or an address; null when it is none that a session can hold.</summary>
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

    /// <inheritdoc/>
    public string Type => "image";
}

/// <summary>Where an image's bytes are.</summary>
public abstract record ImageSource
{
    private protected ImageSource()
    {
    }
}

/// <summary>The image is elsewhere.</summary>
/// <param name="Url">Its address.</param>
public sealed record UrlImageSource(string Url) : ImageSource;

/// <summary>The image as base64 text.</summary>
/// <param name="Data">The text, not checked.</param>
public sealed record Base64ImageSource(string Data) : ImageSource;

/// <summary>The image as bytes. In a file they are an array of numbers, which takes about four times their size; base64 takes 1.3.</summary>
/// <param name="Data">The bytes.</param>
public sealed record BytesImageSource(ReadOnlyMemory<byte> Data) : ImageSource;
