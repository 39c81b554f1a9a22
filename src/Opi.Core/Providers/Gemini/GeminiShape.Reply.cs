using System.Text.Json;

namespace Opi;

/// <summary>
/// Gemini generateContent. Thoughts are not part of its <c>candidatesTokenCount</c> and are added to it; what came from the cache is part
/// of its <c>promptTokenCount</c> and is taken out. Of images only the name is kept; code that ran at the provider is left out.
/// </summary>
internal sealed partial class GeminiShape
{
    public const string ProviderName = "gemini";

    public override Provider Provider => Provider.Gemini;

    public override string Name => ProviderName;

    public override string DataName => "gemini";

    public override string LookedFor => "'candidates'";

    public override bool Is(JsonElement reply) =>
        reply.Get("candidates") is not null
            || reply.Object("promptFeedback") is not null
            || (GeminiUsage.Of(reply) is not null && (reply.Get("modelVersion") ?? reply.Get("model_version")) is not null);

    /// <summary>Whether a value is a piece of a streamed reply that is not its last: nothing in it says why the model stopped.</summary>
    public static bool IsUnfinished(JsonElement piece) =>
        (piece.Get("candidates") is not null || GeminiUsage.Of(piece) is not null)
            && piece.Items("candidates").All(candidate => (candidate.Get("finishReason") ?? candidate.Get("finish_reason")) is null)
            && piece.Object("promptFeedback")?.Get("blockReason") is null
            && piece.Get("choices") is null;

    /// <summary>Reads a reply, or the pieces of a streamed one.</summary>
    public override Reply Read(IReadOnlyList<JsonElement> pieces)
    {
        string? model = pieces.Select(piece => piece.Text("modelVersion") ?? piece.Text("model_version")).LastOrDefault(text => text is not null);
        var result = new Reply(ProviderName)
        {
            Id = pieces.Select(piece => piece.Text("responseId")).FirstOrDefault(text => text is not null),
            Model = model?.StartsWith("models/", StringComparison.Ordinal) == true ? model["models/".Length..] : model,
            Billed = GeminiUsage.Instance.Take(pieces),
        };

        JsonElement[] candidates = [.. pieces.Select(piece => piece.Items("candidates").FirstOrDefault())];
        AddParts(
            result,
            [.. candidates.SelectMany(candidate => candidate.Get("content") is { } content ? content.Items("parts") : [])],
            streamed: pieces.Count > 1);
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

    /// <summary>Adds the parts of an answer. A streamed text comes in several, and its signature with the last one.</summary>
    public static void AddParts(Reply result, IReadOnlyList<JsonElement> parts, bool streamed)
    {
        (string Text, bool IsThought, string? Signature) open = ("", false, null);
        foreach (JsonElement part in parts)
        {
            bool isThought = part.Get("thought") is { ValueKind: JsonValueKind.True };
            string? signature = part.Text("thoughtSignature");
            if (part.Object("functionCall") is { } call)
            {
                Flush();
                result.AddCall(call.Text("id"), call.Text("name"), ReplyJson.Arguments(call.Get("args")), signature);
            }
            else if ((part.Object("inlineData") ?? part.Object("fileData")) is { } image)
            {
                Flush();
                result.AddImage(image.Text("mimeType"));
            }
            else if (streamed && open.Text.Length > 0 && open.Signature is null && open.IsThought == isThought)
            {
                open = (open.Text + part.Text("text"), isThought, signature);
            }
            else
            {
                Flush();
                open = (part.Text("text") ?? "", isThought, signature);
            }
        }

        Flush();

        void Flush()
        {
            if (open.IsThought)
            {
                result.AddThinking(open.Text, open.Signature);
            }
            else
            {
                result.AddText(open.Text);
                result.AddThinking(null, open.Signature);
            }

            open = ("", false, null);
        }
    }
}
