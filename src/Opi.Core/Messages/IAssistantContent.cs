namespace Opi;

/// <summary>
/// A block of a model's answer: <see cref="TextContent"/>, <see cref="ThinkingContent"/>, <see cref="ToolCallContent"/> or
/// <see cref="OpaqueContent"/>.
/// </summary>
public interface IAssistantContent
{
    /// <summary>The block's kind: text, thinking, tool_call or opaque.</summary>
    string Type { get; }

    /// <summary>Keeps the set closed: a session has a place for these kinds only.</summary>
    internal bool IsKnownKind { get; }
}
