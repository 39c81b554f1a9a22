namespace Opi;

/// <summary>A block of a model's answer: <see cref="TextContent"/>, <see cref="ThinkingContent"/> or <see cref="ToolCallContent"/>.</summary>
public interface IAssistantContent
{
    /// <summary>The block's name in the file: text, thinking or tool_call.</summary>
    string Type { get; }
}
