namespace Opi;

/// <summary>
/// A block of a user's message or of a tool's result: <see cref="TextContent"/>, <see cref="ImageContent"/>, <see cref="DocumentContent"/> or
/// <see cref="OpaqueContent"/>.
/// </summary>
public interface IInputContent
{
    /// <summary>The block's kind: text, image, document or opaque.</summary>
    string Type { get; }

    /// <summary>Keeps the set closed: a session has a place for these kinds only.</summary>
    internal bool IsKnownKind { get; }
}
