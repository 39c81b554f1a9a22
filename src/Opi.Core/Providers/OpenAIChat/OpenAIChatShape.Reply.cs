using System.Text.Json;

namespace Opi;

/// <summary>
/// OpenAI Chat Completions and the servers that speak it. Of several choices the first is taken. What was read from the cache or written
/// to it is part of <c>prompt_tokens</c> and is taken out.
/// </summary>
internal sealed partial class OpenAIChatShape
{
    public const string ProviderName = "openai";

    public override Provider Provider => Provider.OpenAIChat;

    public override string Name => ProviderName;

    public override string DataName => ChatMessage.DataName;

    public override string LookedFor => "'choices'";

    public override string? StreamedText(JsonElement chunk)
    {
        if (CohereStream.IsEvent(chunk))
        {
            return CohereStream.TextOf(chunk);
        }

        return chunk.Items("choices").FirstOrDefault() is { ValueKind: JsonValueKind.Object } choice && choice.Get("delta", "content") is { } content
            ? content.ValueKind == JsonValueKind.String
                ? JsonHalves.TextOf(content)
                : string.Concat(((JsonElement?)content).Items().Where(part => part.Is("type", "text")).Select(part => part.Text("text")))
            : null;
    }

    public override bool Is(JsonElement reply) => (reply.Get("choices") is not null && !IsEvent(reply)) || IsCohere(reply);

    public override bool IsEvent(JsonElement chunk)
    {
        if (chunk.Get("choices") is not { } choices)
        {
            return chunk.Is("object", "chat.completion.chunk") || CohereStream.IsEvent(chunk);
        }

        JsonElement[] all = [.. chunk.Items("choices")];
        return all.Length == 0
            ? choices.ValueKind == JsonValueKind.Array && !chunk.Is("object", "chat.completion") // Azure's first chunk, and the one with the usage
            : Array.TrueForAll(all, choice => !IsWhole(choice, chunk)) && (chunk.Is("object", "chat.completion.chunk") || all.Any(IsPiece));
    }

    /// <summary>Whether a value that has all of a whole reply ends a stream: Perplexity's last chunk, or the last text of /v1/completions.</summary>
    public static bool IsEndOf(JsonElement value, JsonElement earlier)
    {
        ProviderShape chat = Of(Provider.OpenAIChat);
        return value.Get("choices") is not null && chat.IsEvent(earlier) && value.Text("id") == earlier.Text("id")
            && earlier.Items("choices").All(choice => choice.Text("finish_reason") is null);
    }

    public override Reply Read(JsonElement reply)
    {
        JsonElement[] choices = IsCohere(reply) ? [reply] : [.. reply.Items("choices")];
        JsonElement choice = Array.Find(choices, one => (one.Count("index") ?? 0) == 0);
        if (choice.ValueKind == JsonValueKind.Undefined)
        {
            choice = choices.FirstOrDefault();
        }

        var result = new Reply(IsCohere(reply) ? "cohere" : ProviderName)
        {
            Id = reply.Text("id"),
            Model = reply.Text("model"),
            Billed = ChatUsage.Instance.Take(reply)
        };
        if (choice.Object("message") is { } message)
        {
            ChatMessage.Add(result, message, reply);
        }
        else
        {
            result.AddText(choice.Text("text")); // /v1/completions
        }

        for (int other = 1; other < choices.Length; other++)
        {
            result.NotKept("further choices");
        }

        if (choice.Object("logprobs") is { } logprobs && ProviderJson.Except(logprobs).Count > 0)
        {
            result.NotKept("logprobs");
        }

        result.Stop(
            choice.Text("finish_reason"),
            ["stop", "eos", "COMPLETE", "STOP_SEQUENCE"],
            ["length", "model_length", "MAX_TOKENS"],
            ["tool_calls", "function_call", "TOOL_CALL"]);
        if (choice.Object("error") is { } error)
        {
            ProviderErrorException failed = ProviderReply.ErrorOf(ProviderName, error); // OpenRouter: the server behind it failed
            if (failed is ContextOverflowException || (!result.HasContent && !result.IsBilled))
            {
                throw failed;
            }

            result.Fail(failed.Message);
        }

        return result;
    }

    /// <summary>Whether it is a reply of Cohere, which has the one answer in the reply itself.</summary>
    private static bool IsCohere(JsonElement reply) =>
        reply.Object("message") is not null && reply.Get("choices") is null
            && (reply.Object("usage")?.Object("billed_units") is not null || CohereStream.IsAssembled(reply));

    /// <summary>A whole message with an empty delta is not a chunk: Perplexity writes both.</summary>
    private static bool IsWhole(JsonElement choice, JsonElement reply) =>
        choice.Object("message") is not null
            ? choice.Object("delta") is not { } delta || (choice.Text("finish_reason") is not null && ProviderJson.Except(delta, "role").Count == 0)
            : choice.Get("delta") is null && (choice.Text("finish_reason") is not null || reply.Object("usage") is not null);

    private static bool IsPiece(JsonElement choice) => choice.Object("delta") is not null || choice.Get("text") is not null;

    protected override bool IsStart(JsonElement chunk) => CohereStream.IsStart(chunk);

    /// <summary>
    /// A stream of Chat Completions does not say that it begins: after one has ended, another id does. A server that gives each chunk
    /// an id of its own says nothing by them.
    /// </summary>
    public override IReadOnlyList<JsonElement[]> Split(JsonElement[] events)
    {
        if (events.Any(CohereStream.IsEvent))
        {
            return base.Split(events);
        }

        var streams = new List<JsonElement[]>();
        int from = 0;
        string? id = null;
        bool hasEnded = false;
        for (int at = 0; at < events.Length; at++)
        {
            string? next = events[at].Text("id") is { Length: > 0 } given ? given : null;
            bool isOther = id is not null && next is not null && next != id;
            if (isOther && !hasEnded)
            {
                return [events];
            }

            if (isOther && events[at].Items("choices").Any())
            {
                streams.Add(events[from..at]);
                (from, id, hasEnded) = (at, null, false);
            }

            id ??= next;
            hasEnded |= events[at].Items("choices").Any(choice => choice.Text("finish_reason") is { Length: > 0 });
        }

        streams.Add(events[from..]);
        return streams;
    }

    public override JsonElement Assemble(IReadOnlyList<JsonElement> events) =>
        events.Any(CohereStream.IsEvent) ? CohereStream.Assemble(events) : ChatStream.Assemble(events);
}
