using System.Collections.Immutable;

namespace Opi;

/// <summary>
/// A message to or from a model: <see cref="UserMessage"/>, <see cref="SystemMessage"/>, <see cref="AssistantMessage"/> or
/// <see cref="ToolResultMessage"/>.
/// </summary>
public abstract record Message : AgentMessage
{
    private protected Message(long timestampMs) => TimestampMs = timestampMs;

    /// <summary>When it was made, in milliseconds since 1970-01-01 UTC; 0 when not known.</summary>
    public long TimestampMs { get; init; }

    private protected static string JoinInput(ImmutableArray<IInputContent> content) =>
        string.Join(' ', content.Select(block => block switch
        {
            TextContent text => text.Text,
            OpaqueContent opaque => opaque.StandIn,
            _ => block.ToString(),
        }));
}
