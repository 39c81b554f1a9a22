using System.Text.Json;

namespace Opi;

/// <summary>Recognises a reply that is an error. Each server has its own shape for it.</summary>
internal static class ErrorBody
{
    /// <summary>Members that an error has besides its words, and that no reply has.</summary>
    private static readonly string[] BesideMessage =
    [
        "message", "Message", "id", "type", "code", "param", "status", "request_id", "requestId", "status_code", "error_type", "error_code",
        "data", "details", "timestamp", "path", "trace_id",
    ];

    /// <summary>The error; null when the reply is not one. It is recognised by its own shape, also among the chunks of a stream.</summary>
    /// <param name="reply">The reply, or a chunk of one.</param>
    /// <param name="name">Who answered; null when not known.</param>
    public static ProviderErrorException? Find(JsonElement reply, string? name)
    {
        if (reply.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (reply.Is("type", "response.failed") && reply.Object("response")?.Get("error") is { } failed)
        {
            return ProviderReply.ErrorOf(OpenAIResponsesShape.ProviderName, failed);
        }

        if ((reply.Get("error") ?? reply.Get("x_groq", "error")) is { } error && !ProviderJson.IsZero(error)
            && reply.Get("choices").Items().All(choice => choice.Object("message") is null))
        {
            return error.ValueKind == JsonValueKind.Object
                ? ProviderReply.ErrorOf(name ?? WhoFailed(reply, error), error)
                : ContextOverflow.ErrorOf(name ?? WhoFailed(reply, error), CodeOf(reply), TextOf(error), reply);
        }

        if (InteractionsStatus.FailureOf(reply) is { } fault && ProviderShape.Of(Provider.GeminiInteractions).Is(reply))
        {
            return ProviderReply.ErrorOf(name ?? GeminiShape.ProviderName, fault);
        }

        if (BedrockNames.ErrorIn(reply) is { } exception)
        {
            return ContextOverflow.ErrorOf(name ?? BedrockShape.ProviderName, exception.Code, exception.Message, reply);
        }

        if (reply.Is("type", "error") && reply.Text("message") is { } said)
        {
            return ContextOverflow.ErrorOf(name ?? OpenAIResponsesShape.ProviderName, reply.Text("code"), said, reply);
        }

        return ProviderShape.All.Any(shape => shape.Is(reply) || shape.IsEvent(reply)) ? null : FindFlat(reply, name);
    }

    /// <summary>An error whose members are at the top of the reply.</summary>
    private static ProviderErrorException? FindFlat(JsonElement reply, string? name)
    {
        string chat = name ?? OpenAIChatShape.ProviderName;
        if (reply.Is("object", "error") && reply.Get("message") is { } words)
        {
            return ContextOverflow.ErrorOf(chat, reply.Text("type") ?? reply.Text("code"), TextOf(words), reply); // vLLM, Mistral
        }

        if (reply.Text("error_type") is { } type && (reply.Get("message") ?? reply.Get("detail")) is { } message)
        {
            return ContextOverflow.ErrorOf(name ?? "cohere", type, TextOf(message), reply);
        }

        if (reply.Get("message") is { ValueKind: JsonValueKind.Object } held && held.Get("detail") is { } inner)
        {
            return ContextOverflow.ErrorOf(chat, CodeOf(reply), TextOf(inner), reply);
        }

        if ((reply.Get("detail") ?? reply.Get("title")) is { } detail && reply.Get("role") is null)
        {
            return ContextOverflow.ErrorOf(chat, CodeOf(reply), TextOf(detail), reply); // FastAPI, problem details
        }

        if (reply.Items("errors").FirstOrDefault() is { ValueKind: JsonValueKind.Object } first && first.Get("message") is { } one)
        {
            return ContextOverflow.ErrorOf(chat, CodeOf(first), TextOf(one), reply); // Cloudflare
        }

        if (reply.Object("base_resp") is { } state && state.Count("status_code") is > 0)
        {
            return ContextOverflow.ErrorOf(chat, state.Text("status_code"), state.Text("status_msg"), reply); // MiniMax
        }

        return (reply.Get("message") ?? reply.Get("Message")) is { ValueKind: JsonValueKind.String } only
            && (reply.Text("__type") is not null || reply.EnumerateObject().All(member => BesideMessage.Contains(member.Name)))
                ? ContextOverflow.ErrorOf(name ?? BedrockShape.ProviderName, CodeOf(reply), only.GetString(), reply)
                : null;
    }

    private static string? CodeOf(JsonElement error)
    {
        string? code = error.Text("__type") ?? error.Text("code") ?? error.Text("error_type") ?? error.Text("error_code") ?? error.Text("type");
        return code?[(code.LastIndexOf('#') + 1)..];
    }

    /// <summary>The words: a text, or the messages of a list.</summary>
    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join("; ", value.EnumerateArray().Select(TextOf)),
        JsonValueKind.Object when (value.Get("msg") ?? value.Get("message") ?? value.Get("detail")) is { } inner => TextOf(inner),
        _ => value.GetRawText(),
    };

    private static string WhoFailed(JsonElement reply, JsonElement error) =>
        reply.Get("event_type") is not null ? GeminiShape.ProviderName
            : reply.Is("type", "error") ? reply.Get("sequence_number") is null ? AnthropicShape.ProviderName : OpenAIResponsesShape.ProviderName
            : error.ValueKind == JsonValueKind.String
                ? reply.Get("code") is not null ? CompatibleServer.XAi
                    : reply.Get("error_type") is not null || reply.Get("x_groq") is not null ? OpenAIChatShape.ProviderName
                    : OllamaShape.ProviderName
            : error.Get("status") is { ValueKind: JsonValueKind.String } ? GeminiShape.ProviderName
            : OpenAIChatShape.ProviderName;
}
