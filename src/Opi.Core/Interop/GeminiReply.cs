using System.Text.Json;

namespace Opi;

/// <summary>
/// Gemini generateContent. Thoughts are not part of its <c>candidatesTokenCount</c> and are added to it; what came from the cache is part
/// of its <c>promptTokenCount</c> and is taken out. Images, and code that ran at the provider, are left out.
/// </summary>
internal static class GeminiReply
{
    public const string Name = "gemini";

    public static bool Is(JsonElement reply) =>
        reply.Get("candidates") is not null || reply.Object("promptFeedback") is not null || (reply.Object("usageMetadata") is not null && reply.Get("modelVersion") is not null);

    /// <summary>Reads a reply, or the pieces of a streamed one.</summary>
    public static Reply Read(IReadOnlyList<JsonElement> pieces)
    {
        string? model = pieces.Select(piece => piece.Text("modelVersion")).LastOrDefault(text => text is not null);
        var result = new Reply(Name)
        {
            Id = pieces.Select(piece => piece.Text("responseId")).FirstOrDefault(text => text is not null),
            Model = model?.StartsWith("models/", StringComparison.Ordinal) == true ? model["models/".Length..] : model,
            Usage = ReadUsage(pieces.Select(piece => piece.Object("usageMetadata")).LastOrDefault(usage => usage is not null)),
        };

        JsonElement[] candidates = [.. pieces.Select(piece => piece.Items("candidates").FirstOrDefault())];
        string text = "";
        bool thought = false;
        foreach (JsonElement part in candidates.SelectMany(candidate => candidate.Get("content") is { } content ? content.Items("parts") : []))
        {
            bool isThought = part.Get("thought") is { ValueKind: JsonValueKind.True };
            if (part.Text("text") is { } more && (text.Length == 0 || pieces.Count > 1) && (text.Length == 0 || isThought == thought))
            {
                text += more; // a streamed text comes in pieces
            }
            else
            {
                Flush(result, ref text, thought);
                text = part.Text("text") ?? "";
            }

            thought = isThought;
            if (part.Object("functionCall") is { } call)
            {
                result.AddCall(call.Text("id"), call.Text("name"), ReplyJson.Arguments(call.Get("args")));
            }
        }

        Flush(result, ref text, thought);
        if (pieces.Select(piece => piece.Object("promptFeedback")?.Text("blockReason")).FirstOrDefault(reason => reason is not null) is { } blocked)
        {
            result.Fail($"The prompt was blocked: {blocked}");
        }
        else
        {
            string? reason = candidates.Select(candidate => candidate.Text("finishReason")).LastOrDefault(reason => reason is not null);
            result.Stop(reason ?? (pieces.Count > 1 ? Reply.CutOff : null), ["STOP", "FINISH_REASON_UNSPECIFIED"], ["MAX_TOKENS"], []);
        }

        return result;
    }

    private static void Flush(Reply result, ref string text, bool thought)
    {
        if (thought)
        {
            result.AddThinking(text);
        }
        else
        {
            result.AddText(text);
        }

        text = "";
    }

    private static Usage ReadUsage(JsonElement? given)
    {
        if (given is not { } usage)
        {
            return Usage.Unknown;
        }

        long cached = usage.Count("cachedContentTokenCount") ?? 0;
        long? thoughts = usage.Count("thoughtsTokenCount");
        long prompt = TokenMath.Add(usage.Count("promptTokenCount") ?? 0, usage.Count("toolUsePromptTokenCount") ?? 0);
        return new Usage(Math.Max(0, prompt - cached), TokenMath.Add(usage.Count("candidatesTokenCount") ?? 0, thoughts ?? 0), cached)
        {
            ReasoningTokens = thoughts,
            Reported = true,
        };
    }
}
