using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>How a provider has a conversation in its requests: written from one, and read back into messages.</summary>
internal abstract class RequestShape
{
    /// <summary>Holds arguments that are no JSON object, where a provider wants one.</summary>
    public const string RawArguments = "raw_arguments";

    private static readonly Dictionary<Provider, RequestShape> Shapes = new()
    {
        [Provider.Anthropic] = new AnthropicRequest(),
        [Provider.OpenAIChat] = new OpenAIChatRequest(),
        [Provider.OpenAIResponses] = new OpenAIResponsesRequest(),
        [Provider.Gemini] = new GeminiRequest(),
        [Provider.Ollama] = new OllamaRequest(),
        [Provider.Bedrock] = new BedrockRequest(),
    };

    /// <summary>What the provider takes.</summary>
    public abstract RequestLimits Limits { get; }

    /// <summary>The name that its answers have in messages.</summary>
    public abstract string Name { get; }

    public static RequestShape Of(Provider provider) => Shapes[provider];

    /// <summary>Writes the part of a request that has the messages.</summary>
    public abstract JsonObject Write(Conversation conversation, string? system);

    /// <summary>Reads one message of a request.</summary>
    public abstract void Read(JsonElement message, RequestReader reader);

    /// <summary>Whether an answer may be of this provider: it is, or nobody who is known by another name gave it.</summary>
    protected bool IsOwn(Answer answer) => answer.Message.Provider == Name || !ProviderReply.IsKnownName(answer.Message.Provider);

    /// <summary>The arguments as an object. What is none is kept as text in a member of its own.</summary>
    protected static JsonObject Arguments(ToolCallContent call) =>
        ReplyJson.TryParse(call.Arguments) is { ValueKind: JsonValueKind.Object } arguments
            ? JsonObject.Create(arguments)!
            : string.IsNullOrWhiteSpace(call.Arguments) ? [] : new JsonObject { [RawArguments] = call.Arguments };

    /// <summary>The arguments as JSON text of an object: servers that speak OpenAI's protocol refuse other text.</summary>
    protected static string ArgumentsText(ToolCallContent call) =>
        ReplyJson.TryParse(call.Arguments) is { ValueKind: JsonValueKind.Object } ? call.Arguments : Arguments(call).ToJsonString();

    /// <summary>Texts as one.</summary>
    protected static string Join(IEnumerable<string> texts) => string.Join('\n', texts);

    /// <summary>The texts of a message in which they are one text.</summary>
    protected static IEnumerable<string> Texts(IEnumerable<IInputContent> content) => content.OfType<TextContent>().Select(text => text.Text);
}
