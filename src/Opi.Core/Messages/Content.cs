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

/// <summary>What the model thought before it answered.</summary>
/// <param name="Thinking">The text.</param>
public sealed record ThinkingContent(string Thinking) : IAssistantContent
{
    /// <inheritdoc/>
    public string Type => "thinking";
}

/// <summary>The model asks for a tool.</summary>
/// <param name="Id">Names the call; the result refers to it.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">The arguments as JSON text, as the model gave them.</param>
public sealed record ToolCallContent(string Id, string Name, string Arguments) : IAssistantContent
{
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
