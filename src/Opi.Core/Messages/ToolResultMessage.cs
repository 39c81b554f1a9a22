using System.Collections.Immutable;
using System.Text.Json;

namespace Opi;

/// <summary>What a tool gave back.</summary>
public sealed record ToolResultMessage : Message
{
    private readonly ValueArray<IInputContent> _content;
    private readonly ValueJson? _details;

    /// <summary>Makes a result.</summary>
    public ToolResultMessage(string toolCallId, string toolName, IEnumerable<IInputContent> content, long timestampMs)
        : base(timestampMs)
    {
        ToolCallId = toolCallId;
        ToolName = toolName;
        Content = [.. content];
    }

    /// <summary>The <see cref="ToolCallContent.Id"/> that this answers.</summary>
    public string ToolCallId { get; init; }

    /// <summary>The tool.</summary>
    public string ToolName { get; init; }

    /// <summary>Text and images, in order.</summary>
    public ImmutableArray<IInputContent> Content { get => _content.Items; init => _content = value; }

    /// <summary>Data of the tool to keep besides its text, any JSON; models do not see it.</summary>
    public JsonElement? Details { get => _details?.Element; init => _details = value; }

    /// <summary>The result as its provider's request had it, where text would not say the same; null for none.</summary>
    public ProviderData? ProviderData { get; init; }

    /// <summary>Whether the tool failed.</summary>
    public bool IsError { get; init; }

    /// <inheritdoc/>
    public override string Role => "tool_result";

    /// <inheritdoc/>
    public override string Text => JoinInput(Content);
}
