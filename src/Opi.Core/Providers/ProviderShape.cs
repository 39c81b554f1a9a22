using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// The protocol of a provider, in one place: how its replies are recognised, assembled from a stream and read; what its requests take; how a
/// conversation is written into a request and read back from one.
/// </summary>
internal abstract class ProviderShape
{
    /// <summary>The member for arguments that are not a JSON object, where a provider requires one.</summary>
    public const string RawArguments = "raw_arguments";

    /// <summary>All shapes, in the order in which a reply is tried. A new provider is one folder and one line here.</summary>
    public static readonly IReadOnlyList<ProviderShape> All =
    [
        new AnthropicShape(),
        new OpenAIChatShape(),
        new OpenAIResponsesShape(),
        new GeminiShape(),
        new GeminiInteractionsShape(),
        new BedrockShape(),
        new OllamaShape(),
    ];

    /// <summary>Its name for scripts.</summary>
    public abstract Provider Provider { get; }

    /// <summary>The name that its answers have in messages.</summary>
    public abstract string Name { get; }

    /// <summary>The name of its protocol in <see cref="ProviderData.Shape"/>.</summary>
    public abstract string DataName { get; }

    /// <summary>The members by which a reply is recognised, for errors.</summary>
    public abstract string LookedFor { get; }

    /// <summary>What becomes of each kind of block of its replies.</summary>
    public virtual IReadOnlyList<BlockKind> Kinds => [];

    /// <summary>What the provider takes.</summary>
    public abstract RequestLimits Limits { get; }

    /// <summary>What a server takes that speaks the provider's protocol.</summary>
    /// <param name="server">Its name, for example mistral.</param>
    public virtual RequestLimits LimitsFor(string server) => Limits;

    public static ProviderShape Of(Provider provider) => All.Single(shape => shape.Provider == provider);

    /// <summary>Whether a value is a reply of this shape.</summary>
    public abstract bool Is(JsonElement reply);

    /// <summary>Whether a value can be read as a reply of this shape when the caller says that it is one.</summary>
    public virtual bool CouldBe(JsonElement reply) => Is(reply);

    /// <summary>Whether a value is a chunk of a streamed reply.</summary>
    public virtual bool IsEvent(JsonElement chunk) => false;

    /// <summary>The text that a chunk of a stream adds to the answer, without thinking; null when it adds none.</summary>
    public abstract string? StreamedText(JsonElement chunk);

    public virtual Reply Read(JsonElement reply) => Read([reply]);

    /// <summary>Reads a reply that comes in pieces, each of the shape of a whole one.</summary>
    public virtual Reply Read(IReadOnlyList<JsonElement> pieces) => Read(pieces.Single());

    /// <summary>Whether an event begins a stream, in a protocol that says so.</summary>
    protected virtual bool IsStart(JsonElement chunk) => false;

    /// <summary>The streams in a list of events: several that follow each other, as in a log of them, are several replies.</summary>
    public virtual IReadOnlyList<JsonElement[]> Split(JsonElement[] events)
    {
        var streams = new List<JsonElement[]>();
        int from = 0;
        bool hasStart = false;
        for (int at = 0; at < events.Length; at++)
        {
            bool starts = IsStart(events[at]);
            if (starts && hasStart)
            {
                streams.Add(events[from..at]);
                from = at;
            }

            hasStart |= starts;
        }

        streams.Add(events[from..]);
        return streams;
    }

    /// <summary>Makes a whole reply of the chunks that <see cref="IsEvent"/> recognises.</summary>
    public virtual JsonElement Assemble(IReadOnlyList<JsonElement> events) => throw new NotSupportedException($"{Name} has no chunks of its own.");

    /// <summary>Writes the part of a request that has the messages.</summary>
    public abstract JsonObject Write(Conversation conversation, string? system);

    /// <summary>Adds the tools that the model may call to a request that <see cref="Write"/> made.</summary>
    /// <param name="request">The request.</param>
    /// <param name="tools">The tools, at least one.</param>
    /// <param name="conversation">What the request was made of.</param>
    public abstract void AddTools(JsonObject request, IReadOnlyList<RequestTool> tools, Conversation conversation);

    /// <summary>The name of a tool in the request, as its calls in the conversation have it.</summary>
    public virtual string ToolName(string name, Conversation conversation) => conversation.ToolName(name);

    public abstract void ReadMessage(JsonElement message, RequestReader reader);

    protected ProviderData Data(JsonElement value) => new(DataName, value.GetRawText());

    /// <summary>The arguments as an object. Other arguments are kept as text in a member.</summary>
    public static JsonObject Arguments(ToolCallContent call) =>
        ReplyJson.TryParse(call.Arguments) is { ValueKind: JsonValueKind.Object } arguments
            ? JsonObject.Create(arguments)!
            : string.IsNullOrWhiteSpace(call.Arguments) ? [] : new JsonObject { [RawArguments] = call.Arguments };

    /// <summary>The arguments as JSON text of an object: servers that speak OpenAI's protocol refuse other text.</summary>
    public static string ArgumentsText(ToolCallContent call) =>
        ReplyJson.TryParse(call.Arguments) is { ValueKind: JsonValueKind.Object } ? call.Arguments : Arguments(call).ToJsonString();

    public static string Join(IEnumerable<string> texts) => string.Join('\n', texts);

    /// <summary>The texts of a message in which they are one text.</summary>
    protected static IEnumerable<string> Texts(IEnumerable<IInputContent> content) => content.OfType<TextContent>().Select(text => text.Text);
}
