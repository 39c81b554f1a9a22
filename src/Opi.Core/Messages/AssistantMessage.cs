using System.Collections.Immutable;

namespace Opi;

/// <summary>What a model answered, and what it cost in tokens.</summary>
public sealed record AssistantMessage : Message
{
    private readonly ValueArray<IAssistantContent> _content;
    private readonly ValueArray<string> _notKept = new([]);

    /// <summary>Makes an answer.</summary>
    public AssistantMessage(IEnumerable<IAssistantContent> content, string provider, string model, long timestampMs)
        : base(timestampMs)
    {
        Content = [.. content];
        Provider = provider;
        Model = model;
        Api = ApiOf(provider);
    }

    /// <summary>Text, thinking, tool calls and blocks that only the provider reads, in order.</summary>
    public ImmutableArray<IAssistantContent> Content { get => _content.Items; init => _content = value; }

    internal ModelApi Api { get; init; }

    /// <summary>Who answered, for example anthropic; empty when not known.</summary>
    public string Provider { get; init; }

    /// <summary>The model that was asked, as the provider names it; empty when not known.</summary>
    public string Model { get; init; }

    /// <summary>The model that the reply names; null when it names none.</summary>
    public string? ResponseModel { get; init; }

    /// <summary>
    /// The model of the session when the reply was added, as <c>provider:model</c>, where the reply gives another name; null otherwise.
    /// Providers answer for a name with another one (an alias, a model that replaced it), and the names alone do not say so.
    /// </summary>
    internal string? AskedModel { get; init; }

    /// <summary>The provider's id of the reply.</summary>
    public string? ResponseId { get; init; }

    /// <summary>The tokens of this response.</summary>
    public Usage Usage { get; init; } = Usage.Unknown;

    /// <summary>Why the model stopped.</summary>
    public StopReason StopReason { get; init; }

    /// <summary>What went wrong, when it did.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>What the provider's message holds besides its content, for example the container that ran its code; null for nothing.</summary>
    public ProviderData? ProviderData { get; init; }

    /// <summary>What of the reply could not be kept, each by its kind; not stored.</summary>
    internal ImmutableArray<string> NotKept { get => _notKept.Items; init => _notKept = value; }

    /// <inheritdoc/>
    public override string Role => "assistant";

    /// <inheritdoc/>
    public override string Text
    {
        get
        {
            var text = new System.Text.StringBuilder();
            TextContent? before = null;
            foreach (IAssistantContent block in Content)
            {
                if (block is TextContent next)
                {
                    text.Append(before is null || IsContinued(before, next) ? "" : " ").Append(next.Text);
                    before = next;
                }
            }

            return text.ToString();
        }
    }

    /// <summary>The tool calls among the content. It is a list: a script takes an empty list for false, but any other sequence for true.</summary>
    public IEnumerable<ToolCallContent> ToolCalls => new TextList<ToolCallContent>(Content.OfType<ToolCallContent>());

    /// <summary>The model as <c>provider:model</c>; null when neither is known.</summary>
    public string? ModelSpec => ModelName.Join(Provider, Model);

    /// <summary>Whether two blocks are one text that its provider cut, to hang a citation or a signature on a piece of it.</summary>
    private static bool IsContinued(TextContent before, TextContent next) =>
        (before.ProviderData ?? next.ProviderData)?.Shape is "anthropic" or "gemini" or "bedrock";

    internal static ModelApi ApiOf(string provider) => provider switch
    {
        "anthropic" => ModelApi.Anthropic,
        "gemini" or "google" => ModelApi.Google,
        "mistral" => ModelApi.Mistral,
        _ => ModelApi.OpenAi,
    };
}
