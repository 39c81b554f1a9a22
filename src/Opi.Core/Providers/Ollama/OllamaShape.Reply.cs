using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Ollama's own chat, and its /api/generate, which has the text in the reply itself. It gives neither a reply nor its tool calls an id, and counts no
/// cache.
/// </summary>
internal sealed partial class OllamaShape
{
    public const string ProviderName = "ollama";

    public override Provider Provider => Provider.Ollama;

    public override string Name => ProviderName;

    public override string DataName => "ollama";

    public override string LookedFor => "'message' or 'response', with 'done'";

    public override IReadOnlyList<BlockKind> Kinds { get; } =
    [
        new("content", "text", "text", "text"),
        new("thinking", "thinking", "to the same model, on answers with calls", "left out"),
        new("tool_calls", "call", "call", "call"),
        new("images", "opaque", "`[image]`", "`[image]`"),
        new("any other member of the message", "beside the content", "left out", "left out"),
        new("response of /api/generate", "text", "text", "text"),
        new("context of /api/generate", "not kept (with a warning)", "left out", "left out"),
        new("logprobs", "not kept (with a warning)", "left out", "left out"),
    ];

    public override string? StreamedText(JsonElement chunk) => MessageOf(chunk)?.Text("content");

    public override bool Is(JsonElement reply) =>
        IsGenerated(reply) || (reply.Object("message") is not null && (reply.Get("done") is not null || reply.Get("created_at") is not null));

    /// <summary>Whether a value is a reply of /api/generate, or a piece of one.</summary>
    public static bool IsGenerated(JsonElement reply) =>
        reply.Get("response") is { ValueKind: JsonValueKind.String } && reply.Get("done") is { ValueKind: JsonValueKind.True or JsonValueKind.False }
            && reply.Get("message") is null;

    public override bool CouldBe(JsonElement reply) => reply.Object("message") is not null;

    /// <summary>Reads a reply, or the pieces of a streamed one.</summary>
    public override Reply Read(IReadOnlyList<JsonElement> pieces)
    {
        JsonElement last = pieces[^1];
        var result = new Reply(ProviderName)
        {
            Model = last.Text("model"),
            Billed = OllamaUsage.Instance.Take(last),
        };

        AddMessages(result, [.. pieces.Select(MessageOf).OfType<JsonElement>()]);
        if (pieces.Any(piece => IsGenerated(piece) && piece.Items("context").Any()))
        {
            result.NotKept("context");
        }
        if (pieces.Any(piece => piece.Items("logprobs").Any()))
        {
            result.NotKept("logprobs");
        }

        bool cut = last.Get("done") is { ValueKind: JsonValueKind.False };
        result.Stop(cut ? Reply.CutOff : last.Text("done_reason"), ["stop", "load", "unload"], ["length"], []);
        return result;
    }

    /// <summary>The message of a reply; /api/generate has its members in the reply, under other names.</summary>
    private static JsonElement? MessageOf(JsonElement reply)
    {
        if (!IsGenerated(reply))
        {
            return reply.Object("message");
        }

        var message = new JsonObject { ["content"] = reply.Text("response") };
        foreach (string name in (string[])["thinking", "tool_calls", "images"])
        {
            if (reply.Get(name) is { } value)
            {
                message[name] = ProviderJson.Node(value);
            }
        }

        return message.ToElement();
    }

    /// <summary>Adds an answer's message, or its pieces.</summary>
    public static void AddMessages(Reply result, IReadOnlyList<JsonElement> messages)
    {
        result.AddThinking(string.Concat(messages.Select(message => message.Text("thinking"))));
        result.AddText(string.Concat(messages.Select(message => message.Text("content"))));
        foreach (JsonElement call in messages.SelectMany(message => message.Items("tool_calls")))
        {
            result.AddCall(call.Text("id"), call.Get("function")?.Text("name"), ReplyJson.Arguments(call.Get("function", "arguments")));
        }

        foreach (JsonElement image in messages.SelectMany(message => message.Items("images")))
        {
            result.AddOpaque("image", "[image]", new ProviderData("ollama", image.GetRawText()));
        }

        var beside = new JsonObject();
        foreach (JsonElement message in messages)
        {
            ProviderJson.Merge(
                beside, ProviderJson.Except(message, "role", "content", "thinking", "tool_calls", "images", "tool_name").ToElement());
        }

        result.MessageData = ProviderJson.Data("ollama", beside);
    }
}
