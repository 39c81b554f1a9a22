using System.Collections.Immutable;
using System.Text.Json;

namespace Opi;

/// <summary>A message to or from a model: <see cref="UserMessage"/>, <see cref="AssistantMessage"/> or <see cref="ToolResultMessage"/>.</summary>
public abstract record Message : AgentMessage
{
    private protected Message(long timestampMs) => TimestampMs = timestampMs;

    /// <summary>When it was made, in milliseconds since 1970-01-01 UTC; 0 when not known.</summary>
    public long TimestampMs { get; init; }

    private protected static string JoinInput(ImmutableArray<IInputContent> content) =>
        string.Join(' ', content.Select(block => block switch
        {
            TextContent text => text.Text,
            ImageContent image => $"[image: {image.MediaType}]",
            _ => "",
        }));
}

/// <summary>What the user, or the script in the user's place, says.</summary>
public sealed record UserMessage : Message
{
    /// <summary>Makes a message of several blocks.</summary>
    public UserMessage(IEnumerable<IInputContent> content, long timestampMs)
        : base(timestampMs) => Content = [.. content];

    /// <summary>Makes a message of one text.</summary>
    public UserMessage(string text, long timestampMs)
        : this([new TextContent(text)], timestampMs)
    {
    }

    /// <summary>Text and images, in order.</summary>
    public ImmutableArray<IInputContent> Content { get; init; }

    /// <inheritdoc/>
    public override string Role => "user";

    /// <inheritdoc/>
    public override string Text => JoinInput(Content);
}

/// <summary>What a model answered, and what it cost in tokens.</summary>
public sealed record AssistantMessage : Message
{
    /// <summary>Makes an answer.</summary>
    public AssistantMessage(IEnumerable<IAssistantContent> content, string provider, string model, long timestampMs)
        : base(timestampMs)
    {
        Content = [.. content];
        Provider = provider;
        Model = model;
        Api = ApiOf(provider);
    }

    /// <summary>Text, thinking and tool calls, in order.</summary>
    public ImmutableArray<IAssistantContent> Content { get; init; }

    /// <summary>The protocol that was spoken.</summary>
    public ModelApi Api { get; init; }

    /// <summary>Who answered, for example anthropic; empty when not known.</summary>
    public string Provider { get; init; }

    /// <summary>The model that was asked, as the provider names it; empty when not known.</summary>
    public string Model { get; init; }

    /// <summary>The model that the reply names; null when it names none.</summary>
    public string? ResponseModel { get; init; }

    /// <summary>The provider's id of the reply.</summary>
    public string? ResponseId { get; init; }

    /// <summary>The tokens of this response.</summary>
    public Usage Usage { get; init; } = Usage.Unknown;

    /// <summary>Why the model stopped.</summary>
    public StopReason StopReason { get; init; }

    /// <summary>What went wrong, when it did.</summary>
    public string? ErrorMessage { get; init; }

    /// <inheritdoc/>
    public override string Role => "assistant";

    /// <inheritdoc/>
    public override string Text => string.Join(' ', Content.OfType<TextContent>().Select(block => block.Text));

    /// <summary>The tool calls among the content. It is a list: a script takes an empty list for false, but any other sequence for true.</summary>
    public IEnumerable<ToolCallContent> ToolCalls => Content.OfType<ToolCallContent>().ToArray();

    /// <summary>The model as <c>provider:model</c>; null when neither is known.</summary>
    public string? ModelSpec => ModelName.Join(Provider, Model);

    internal static ModelApi ApiOf(string provider) => provider switch
    {
        "anthropic" => ModelApi.Anthropic,
        "gemini" or "google" => ModelApi.Google,
        "mistral" => ModelApi.Mistral,
        _ => ModelApi.OpenAi,
    };
}

/// <summary>What a tool gave back.</summary>
public sealed record ToolResultMessage : Message
{
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
    public ImmutableArray<IInputContent> Content { get; init; }

    /// <summary>What the tool wants to keep beside its text, any JSON; models do not see it.</summary>
    public JsonElement? Details { get; init; }

    /// <summary>Whether the tool failed.</summary>
    public bool IsError { get; init; }

    /// <inheritdoc/>
    public override string Role => "tool_result";

    /// <inheritdoc/>
    public override string Text => JoinInput(Content);
}

/// <summary>The protocol of a model's provider. The names are those of the file format.</summary>
public enum ModelApi
{
    /// <summary>Anthropic Messages.</summary>
    Anthropic,

    /// <summary>OpenAI, and the many servers that speak its protocol.</summary>
    OpenAi,

    /// <summary>Google Gemini.</summary>
    Google,

    /// <summary>Mistral.</summary>
    Mistral,
}

/// <summary>Why a model stopped.</summary>
public enum StopReason
{
    /// <summary>It was done.</summary>
    Stop,

    /// <summary>It reached the limit of its output.</summary>
    Length,

    /// <summary>It waits for a tool.</summary>
    ToolUse,

    /// <summary>The provider failed.</summary>
    Error,

    /// <summary>The caller gave up.</summary>
    Aborted,
}
