namespace Opi;

/// <summary>A block of a user's message or of a tool's result: <see cref="TextContent"/> or <see cref="ImageContent"/>.</summary>
public interface IInputContent
{
    /// <summary>The block's name in the file: text or image.</summary>
    string Type { get; }
}
