using System.Text.Json;

namespace Opi;

/// <summary>
/// Turns the reply of a model's provider into a message. The shape is recognised, or named. Streamed replies are taken as the events they
/// consist of: as server-sent events in text, or as a list of chunks.
/// </summary>
public static class ProviderReply
{
    /// <summary>The names of those who answer in their own name; what is named otherwise speaks OpenAI's protocol.</summary>
    private static readonly string[] OwnNames = ["", "anthropic", "openai", "gemini", "google", "ollama", "bedrock"];

    internal static bool IsKnownName(string provider) => provider.Length > 0 && OwnNames.Contains(provider);

    /// <summary>Reads a reply.</summary>
    /// <param name="reply">The reply as JSON; a list of the chunks of a streamed one, or of its lines; or a text of either.</param>
    /// <param name="provider">Its shape; null to recognise it.</param>
    /// <param name="model">The model that was asked, as <c>provider:model</c>; null for what the reply names.</param>
    /// <param name="timestampMs">The time of the message; null for now.</param>
    /// <returns>The messages, each an answer of a model.</returns>
    /// <exception cref="ContextOverflowException">The reply is an error that says that the context was too long.</exception>
    /// <exception cref="ProviderErrorException">The reply is another error.</exception>
    /// <exception cref="OpiException">UnknownReply: it is not a reply that is known.</exception>
    public static IReadOnlyList<Message> Parse(JsonElement reply, Provider? provider = null, string? model = null, long? timestampMs = null)
    {
        long time = timestampMs ?? TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        return [.. Read(reply, provider).Select(read => read.ToMessage(model, time))];
    }

    /// <summary>
    /// Adds who answered if the reply does not say: a reply without a model is from the session's model, and one in OpenAI's shape comes from
    /// the session's provider if that is another server, for example deepseek or openrouter.
    /// </summary>
    /// <param name="message">A message as <see cref="Parse"/> gives it.</param>
    /// <param name="sessionModel">The session's model, as <c>provider:model</c>.</param>
    public static Message FromSession(Message message, string? sessionModel)
    {
        (string provider, string model) = ModelName.Split(sessionModel);
        Message named = message switch
        {
            AssistantMessage { Provider: "", Model: not "" } answer when provider.Length > 0 =>
                Named(answer, provider, answer.Model), // Microsoft.Extensions.AI does not name the provider
            AssistantMessage { Model: "" } answer when model.Length > 0 => Named(BilledBy(provider, answer), provider, model),
            AssistantMessage { Provider: OpenAIChatShape.ProviderName } answer when !OwnNames.Contains(provider) =>
                Named(BilledBy(provider, answer), provider, answer.Model),
            AssistantMessage answer => BilledBy(provider, answer),
            _ => message,
        };
        bool isAsked = provider.Length > 0 && model.Length > 0;
        return isAsked && named is AssistantMessage { Model: not "" } read && !RequestTarget.IsNamed(read, provider, model)
            ? read with { AskedModel = sessionModel }
            : named;
    }

    /// <summary>Whether a value is only a piece of a reply: a chunk of a streamed one, or a line of its text.</summary>
    /// <param name="value">The value.</param>
    /// <param name="before">The piece before it; null for none. The last piece of a stream is recognised only by it.</param>
    public static bool IsPiece(JsonElement value, JsonElement? before) => value.ValueKind switch
    {
        JsonValueKind.Object => ProviderShape.All.Any(shape => shape.IsEvent(value)) || IsUnfinished(value) || ExtensionsAIReply.IsUpdate(value)
            || (before is { } earlier && (!IsWhole(value) || IsEndOf(value, earlier))),
        JsonValueKind.String => JsonHalves.TextOf(value) is { } text && !text.TrimEnd('\r', '\n').Contains('\n', StringComparison.Ordinal)
            && (ReplyJson.TryParse(text) is not { ValueKind: JsonValueKind.Object or JsonValueKind.Array } item || IsPiece(item, before)),
        _ => false,
    };

    /// <summary>Whether a value is a reply of a model, or a provider's error.</summary>
    public static bool IsReply(JsonElement value)
    {
        value = JsonHalves.Mend(value);
        return value.ValueKind == JsonValueKind.Object && (BatchLine.BodyOf(value) is not null || ExtensionsAIReply.Is(value)
            || ProviderShape.All.Any(shape => shape.Is(value) || shape.IsEvent(value)) || ErrorIn(value, null) is not null);
    }

    /// <summary>Whether a text, or lines of one, hold a reply of a model as JSON or as events, and are not just text.</summary>
    /// <param name="value">The text, or a list of its lines.</param>
    public static bool IsReplyText(JsonElement value)
    {
        string text = value.ValueKind == JsonValueKind.String
            ? JsonHalves.TextOf(value)
            : string.Join('\n', value.EnumerateArray().Where(line => line.ValueKind == JsonValueKind.String).Select(JsonHalves.TextOf));
        string start = text.TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (!(start.StartsWith('{') || start.StartsWith('[') || start.StartsWith("data:", StringComparison.Ordinal)
            || start.StartsWith("event:", StringComparison.Ordinal) || start.StartsWith(':')))
        {
            return false;
        }

        try
        {
            JsonElement read = ReplyText.Parse(text);
            return read.ValueKind == JsonValueKind.Array ? read.EnumerateArray().Any(IsReply) : IsReply(read);
        }
        catch (UnknownReplyException)
        {
            return false; // a text that begins like JSON but is not
        }
    }

    /// <summary>The text that a piece of a stream adds to the answer; null when it adds none.</summary>
    /// <param name="shape">Whose protocol is spoken.</param>
    /// <param name="piece">A chunk, or a line of the stream.</param>
    internal static string? StreamedText(ProviderShape shape, JsonElement piece)
    {
        if (piece.ValueKind == JsonValueKind.String)
        {
            string line = JsonHalves.TextOf(piece).TrimStart('\uFEFF');
            line = line.StartsWith("data:", StringComparison.Ordinal) ? line["data:".Length..] : line;
            return line.AsSpan().TrimStart().StartsWith("{") && ReplyJson.TryParse(line) is { ValueKind: JsonValueKind.Object } chunk
                ? shape.StreamedText(chunk)
                : null;
        }

        return piece.ValueKind == JsonValueKind.Object ? shape.StreamedText(piece) : null;
    }

    /// <summary>The provider's error in a reply, or in one of the pieces of a stream; null when it has none.</summary>
    internal static ProviderErrorException? FindError(JsonElement reply)
    {
        switch (reply.ValueKind)
        {
            case JsonValueKind.String:
                return FindError(ReplyText.Parse(JsonHalves.TextOf(reply)));
            case JsonValueKind.Array when reply.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String):
                return FindError(ReplyText.Parse(string.Join('\n', reply.EnumerateArray().Select(JsonHalves.TextOf))));
            case JsonValueKind.Array:
                return reply.EnumerateArray().Select(item => ErrorIn(item, null)).FirstOrDefault(error => error is not null);
            default:
                return ErrorIn(reply, null);
        }
    }

    /// <summary>Reads a call of a tool that is given as the block which a provider's reply has of it.</summary>
    /// <param name="block">A block of any of the shapes.</param>
    /// <returns>The call; null when the value is not a block that is known.</returns>
    /// <exception cref="OpiException">UnknownReply: a part of the block is missing.</exception>
    public static ToolCallContent? ParseCall(JsonElement block) =>
        CallBlock.ReplyOf(JsonHalves.Mend(block)) is { } reply
            ? Parse(reply).OfType<AssistantMessage>().SelectMany(answer => answer.ToolCalls).FirstOrDefault()
            : null;

    /// <summary>Pieces as one value that <see cref="Parse"/> takes.</summary>
    public static JsonElement Join(IEnumerable<JsonElement> pieces) => JsonHalves.ListOf(pieces);

    internal static ProviderErrorException ErrorOf(string provider, JsonElement error) =>
        error.ValueKind == JsonValueKind.Object
            ? ContextOverflow.ErrorOf(provider, error.Text("status") ?? error.Text("type") ?? error.Text("code"), error.Text("message"), error)
            : ContextOverflow.ErrorOf(provider, null, error.ValueKind == JsonValueKind.String ? JsonHalves.TextOf(error) : error.GetRawText());

    /// <summary>The servers that speak OpenAI's protocols bill each in its own way, so that the usage is read again as that server's.</summary>
    private static AssistantMessage BilledBy(string provider, AssistantMessage answer) =>
        answer.Provider == OpenAIChatShape.ProviderName && provider.Length > 0 && BilledReply.FromRaw(answer.Usage.Billing?.Raw) is { } billed
            ? answer with { Usage = billed.Read(new ReplyOrigin(provider, answer.ResponseModel ?? answer.Model)) }
            : answer;

    private static AssistantMessage Named(AssistantMessage answer, string provider, string model) =>
        answer with { Provider = provider, Model = model, Api = AssistantMessage.ApiOf(provider) };

    private static IEnumerable<Reply> Read(JsonElement reply, Provider? provider)
    {
        switch (reply.ValueKind)
        {
            case JsonValueKind.String:
                return Read(ReplyText.Parse(JsonHalves.TextOf(reply)), provider);
            case JsonValueKind.Array when reply.GetArrayLength() > 0 && reply.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String):
                string[] texts = [.. reply.EnumerateArray().Select(JsonHalves.TextOf)];
                return Read(
                    ReplyText.ObjectOfEach(texts) is { Count: > 0 } objects
                        ? JsonHalves.ListOf(objects)
                        : ReplyText.Parse(string.Join('\n', texts)),
                    provider);
            case JsonValueKind.Array:
                return ReadList(JsonHalves.Join(reply.EnumerateArray().Where(item => item.ValueKind != JsonValueKind.Null)), provider);
            case JsonValueKind.Object when BatchLine.BodyOf(reply) is { } body:
                return [.. Read(body, provider).Select(result => result.AsBatch())];
            case JsonValueKind.Object:
                reply = JsonHalves.Mend(reply);
                if (ExtensionsAIReply.Is(reply))
                {
                    return ExtensionsAIReply.Read(reply);
                }

                if (ExtensionsAIReply.IsUpdate(reply))
                {
                    return ExtensionsAIReply.Read(ExtensionsAIReply.Assemble([reply]));
                }

                if (ErrorIn(reply, provider) is { } error)
                {
                    return [BilledOr(error, () => ShapeOf(provider, shape => shape.IsEvent(reply)) is { } failed
                        ? failed.Read(failed.Assemble([reply]))
                        : ReadWhole(reply, provider))];
                }

                return ShapeOf(provider, shape => shape.IsEvent(reply)) is { } streamed
                    ? [ReadStream(streamed, [reply])]
                    : [ReadWhole(reply, provider)];
            default:
                throw Unknown(provider, $"The value is not a reply but {Describe(reply)}.");
        }
    }

    /// <summary>The chunks of one streamed reply, or several whole ones.</summary>
    private static IEnumerable<Reply> ReadList(JsonElement[] items, Provider? provider)
    {
        if (Array.Exists(items, item => BatchLine.BodyOf(item) is not null))
        {
            return [.. items.SelectMany(item => Read(item, provider))];
        }

        bool isEnded = Array.Exists(items, ReplyText.IsDone);
        items = isEnded ? Array.FindAll(items, item => !ReplyText.IsDone(item)) : items;
        if (items.Length > 0 && items.All(ExtensionsAIReply.IsUpdate))
        {
            return ExtensionsAIReply.Read(ExtensionsAIReply.Assemble(items));
        }

        if (items.Length > 0 && items.All(ExtensionsAIReply.Is))
        {
            return [.. items.SelectMany(ExtensionsAIReply.Read)];
        }

        ProviderShape? streamed = ShapeOf(provider, shape => items.Any(shape.IsEvent));
        JsonElement[] events = isEnded && streamed is OpenAIChatShape ? [.. items, ReplyText.Done] : items;
        if (items.Select(item => ErrorIn(item, provider)).FirstOrDefault(found => found is not null) is { } error)
        {
            return [BilledOr(error, () => streamed is not null
                ? streamed.Read(streamed.Assemble(events))
                : ReadBefore([.. items.Where(item => ErrorIn(item, provider) is null)], provider))];
        }

        if (streamed is not null)
        {
            return [.. streamed.Split(events).Select(stream => ReadStream(streamed, stream))];
        }

        if (items.Length == 0 || items.Any(item => item.ValueKind != JsonValueKind.Object))
        {
            throw Unknown(provider, items.Length == 0 ? "The reply is an empty list." : "The list holds something else than objects.");
        }

        Provider[] kinds = [.. items.Select(item => Whole(item, provider).Provider).Distinct()];
        return kinds switch
        {
            [Provider.Gemini] => [.. GeminiShape.Split(Checked(items)).Select(ProviderShape.Of(Provider.Gemini).Read)],
            [Provider.Ollama] when items[..^1].All(item => item.Get("done") is { ValueKind: JsonValueKind.False }) =>
                [ProviderShape.Of(Provider.Ollama).Read(items)],
            _ => [.. items.Select(item => ReadWhole(item, provider))],
        };
    }

    private static JsonElement[] Checked(JsonElement[] chunks)
    {
        Array.ForEach(chunks, chunk => ReplyKinds.Check(Provider.Gemini, chunk));
        return chunks;
    }

    /// <summary>What came before an error, of a reply whose pieces have the shape of a whole one; null when nothing did.</summary>
    private static Reply? ReadBefore(JsonElement[] items, Provider? provider) =>
        items.Length > 0 && ShapeOf(provider, shape => shape.Provider is Provider.Gemini or Provider.Ollama && items.All(shape.Is)) is { } shape
            ? shape.Read(items)
            : null;

    private static Reply ReadStream(ProviderShape shape, IReadOnlyList<JsonElement> events)
    {
        JsonElement whole = shape.Assemble(events);
        return ErrorIn(whole, shape.Provider) is { } error ? BilledOr(error, () => shape.Read(whole)) : shape.Read(whole);
    }

    /// <summary>
    /// An answer that failed on its way, when it has words or something of it was billed already; else the error. That the context was too
    /// long is always the error: something is to be done about it.
    /// </summary>
    private static Reply BilledOr(ProviderErrorException error, Func<Reply?> read)
    {
        Reply? reply = null;
        if (error is not ContextOverflowException)
        {
            try
            {
                reply = read();
            }
            catch (UnknownReplyException)
            {
                throw error; // the value is only an error
            }
        }

        if (reply is null || (!reply.IsBilled && !reply.HasContent))
        {
            throw error;
        }

        reply.Fail(error.Message);
        return reply;
    }

    private static ProviderShape? ShapeOf(Provider? provider, Func<ProviderShape, bool> fits) =>
        ProviderShape.All.FirstOrDefault(shape => (provider is null || provider == shape.Provider) && fits(shape));

    private static ProviderShape Whole(JsonElement reply, Provider? provider) =>
        ShapeOf(provider, shape => provider is null ? shape.Is(reply) : shape.CouldBe(reply))
            ?? throw Unknown(provider, $"This is not a reply of a model: {Describe(reply)}.");

    private static Reply ReadWhole(JsonElement reply, Provider? provider)
    {
        ProviderShape shape = Whole(reply, provider);
        ReplyKinds.Check(shape.Provider, reply);
        return shape.Read(reply);
    }

    private static UnknownReplyException Unknown(Provider? provider, string found)
    {
        string looked = string.Join(
            "; ",
            ProviderShape.All.Where(
                shape => provider is null || shape.Provider == provider).Select(shape => $"{shape.Provider} ({shape.LookedFor})"));
        return new UnknownReplyException($"{found} Looked for {looked}. Give the whole body of the reply.") { IsShapeNamed = provider is not null };
    }

    private static string Describe(JsonElement reply)
    {
        switch (reply.ValueKind)
        {
            case JsonValueKind.Object:
                string[] names = [.. reply.EnumerateObject().Select(member => member.Name).Take(9)];
                return names.Length == 0
                    ? "an object without members"
                    : $"an object with {string.Join(", ", names.Take(8))}{(names.Length > 8 ? ", ..." : "")}";
            case JsonValueKind.Number:
                return "a number";
            case JsonValueKind.Null:
                return "nothing";
            default:
                return reply.ValueKind.ToString().ToLowerInvariant();
        }
    }

    /// <summary>An error is recognised by its own shape, also among the chunks of a stream.</summary>
    private static ProviderErrorException? ErrorIn(JsonElement reply, Provider? provider)
    {
        string? name = provider is { } named ? ProviderShape.Of(named).Name : null;
        ProviderErrorException? error = ErrorBody.Find(reply, name);
        if (error is not null)
        {
            error.RetryAfter ??= RetryTime.In(reply);
        }

        return error;
    }

    private static bool IsUnfinished(JsonElement value) =>
        (value.Get("done") is { ValueKind: JsonValueKind.False } && (value.Object("message") is not null || OllamaShape.IsGenerated(value)))
            || GeminiShape.IsUnfinished(value);

    /// <summary>Whether a value ends a stream whose last piece has all that a whole reply has.</summary>
    private static bool IsEndOf(JsonElement value, JsonElement earlier)
    {
        JsonElement before = earlier.ValueKind == JsonValueKind.String ? ReplyJson.TryParse(JsonHalves.TextOf(earlier)) ?? earlier : earlier;
        return (ProviderShape.Of(Provider.Gemini).Is(value) && GeminiShape.IsUnfinished(before)) || OpenAIChatShape.IsEndOf(value, before);
    }

    private static bool IsWhole(JsonElement value) =>
        ShapeOf(null, shape => shape.Is(value))?.Provider switch
        {
            null or Provider.Ollama => false,
            Provider.OpenAIChat => value.Items("choices").Any(choice => choice.Object("message") is not null || choice.Get("text") is not null),
            _ => true,
        };
}
