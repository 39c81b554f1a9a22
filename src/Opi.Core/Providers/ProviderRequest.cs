using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// The part of a request to a model that has the messages, in a provider's shape. It keeps the provider's rules: who may speak after whom,
/// results right behind their calls, no empty text, ids as it takes them. docs/architecture.md has what becomes of each kind of content.
/// </summary>
/// <param name="Provider">Whose shape it has.</param>
/// <param name="Body">
/// Anthropic: messages, system. OpenAIChat and Ollama: messages. OpenAIResponses: input, instructions. Gemini: contents, systemInstruction.
/// Bedrock: messages, system. With tools also tools, at Bedrock toolConfig.
/// </param>
/// <param name="Warnings">What the provider cannot take and what became of it, a line each.</param>
public sealed record ProviderRequest(Provider Provider, JsonElement Body, IReadOnlyList<string> Warnings)
{
    private readonly ValueJson _body = Body;
    private readonly ValueList<string> _warnings = new(Warnings);

    /// <summary>The body; the parameter of this name says what each shape has.</summary>
    public JsonElement Body { get => _body.Element; init => _body = value; }

    /// <summary>What the provider cannot take and what became of it, a line each.</summary>
    public IReadOnlyList<string> Warnings { get => _warnings.Items; init => _warnings = new(value); }

    /// <summary>The one of the warnings that says that calls have no result; null when all have one.</summary>
    internal string? UnansweredWarning { get; init; }

    /// <summary>The one of the warnings that says that answers which failed are left out; null when there are none.</summary>
    internal string? FailedWarning { get; init; }

    /// <summary>Makes a request of a context.</summary>
    /// <param name="messages">The context, oldest first.</param>
    /// <param name="provider">Who gets it.</param>
    /// <param name="options">What else goes into it; null for nothing.</param>
    /// <exception cref="OpiException">InvalidTool: a tool's schema is not an object, or two tools have one name.</exception>
    public static ProviderRequest Build(IReadOnlyList<AgentMessage> messages, Provider provider, RequestOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        options ??= new RequestOptions();
        ProviderShape shape = ProviderShape.Of(provider);
        var conversation = Conversation.Create([.. messages, .. options.Prompt], shape, options);
        JsonObject body = shape.Write(conversation, string.IsNullOrWhiteSpace(options.System) ? null : options.System);
        if (options.Tools.Count > 0)
        {
            shape.AddTools(body, RequestTool.Of(options.Tools, name => shape.ToolName(name, conversation)), conversation);
        }

        return new ProviderRequest(provider, body.ToElement(), conversation.Warnings)
        {
            UnansweredWarning = conversation.UnansweredWarning,
            FailedWarning = conversation.FailedWarning,
        };
    }

    /// <summary>The part of a request that has the tools, as a separate object.</summary>
    /// <inheritdoc cref="Build" path="/exception"/>
    internal static JsonElement ToolsOf(Provider provider, IReadOnlyList<ToolDefinition> tools)
    {
        ProviderShape shape = ProviderShape.Of(provider);
        var conversation = Conversation.Create([], shape, new RequestOptions { Tools = tools });
        var part = new JsonObject();
        if (tools.Count > 0)
        {
            shape.AddTools(part, RequestTool.Of(tools, name => shape.ToolName(name, conversation)), conversation);
        }

        return part.ToElement();
    }
}
