using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Gemini generateContent. Thoughts are not part of its <c>candidatesTokenCount</c> and are added to it; what came from the cache is part
/// of its <c>promptTokenCount</c> and is taken out. Parts that Opi has no type for, for example code that ran at Google, are kept whole.
/// </summary>
internal sealed partial class GeminiShape
{
    public const string ProviderName = "gemini";

    private const string ContinuationToken = "continuationToken";

    /// <summary>What a message keeps of a reply and its candidate besides the parts.</summary>
    private static readonly string[] Kept = ["groundingMetadata", "urlContextMetadata", "citationMetadata", ContinuationToken];

    public override Provider Provider => Provider.Gemini;

    public override string Name => ProviderName;

    public override string DataName => ProviderName;

    public override IReadOnlyList<BlockKind> Kinds => GeminiKinds.All;

    public override string LookedFor => "'candidates'";

    public override string? StreamedText(JsonElement chunk) =>
        chunk.Items("candidates").FirstOrDefault() is { ValueKind: JsonValueKind.Object } candidate && candidate.Object("content") is { } content
            ? string.Concat(content.Items("parts").Where(part => part.Get("thought") is not { ValueKind: JsonValueKind.True })
                .Select(part => part.Text("text")))
            : null;

    public override bool Is(JsonElement reply) =>
        reply.Get("candidates") is not null
            || (reply.Object("promptFeedback") ?? reply.Object("prompt_feedback")) is not null
            || (GeminiUsage.Of(reply) is not null && (reply.Get("modelVersion") ?? reply.Get("model_version")) is not null);

    /// <summary>Whether a value is a piece of a streamed reply that is not its last: nothing in it says why the model stopped.</summary>
    public static bool IsUnfinished(JsonElement piece) =>
        (piece.Get("candidates") is not null || GeminiUsage.Of(piece) is not null)
            && piece.Items("candidates").All(candidate => (candidate.Get("finishReason") ?? candidate.Get("finish_reason")) is null)
            && (piece.Object("promptFeedback") ?? piece.Object("prompt_feedback")) is null
            && piece.Get("choices") is null;

    /// <summary>The replies in a list: the pieces of one, or of several, or whole ones.</summary>
    public static IReadOnlyList<IReadOnlyList<JsonElement>> Split(IReadOnlyList<JsonElement> items)
    {
        var replies = new List<List<JsonElement>>();
        bool isFinished = true;
        string? id = null;
        foreach (JsonElement item in items)
        {
            string? next = item.Text("responseId") ?? item.Text("response_id");
            bool isOther = id is not null && next is not null ? id != next : item.Get("candidates") is not null;
            if (replies.Count == 0 || (isFinished && isOther))
            {
                replies.Add([]);
                isFinished = false;
                id = null;
            }

            replies[^1].Add(item);
            isFinished |= !IsUnfinished(item);
            id ??= next;
        }

        return replies;
    }

    public override Reply Read(JsonElement reply) => Read([reply], isStreamed: false);

    public override Reply Read(IReadOnlyList<JsonElement> pieces) => Read(pieces, isStreamed: true);

    private static Reply Read(IReadOnlyList<JsonElement> pieces, bool isStreamed)
    {
        JsonElement[] read = [.. pieces.Select(GeminiNames.Normal)];
        JsonElement[] candidates = [.. read.Select(piece => piece.Items("candidates").FirstOrDefault())];
        string? model = read.Select(piece => piece.Text("modelVersion")).LastOrDefault(text => text is not null);
        var result = new Reply(ProviderName)
        {
            Id = read.Select(piece => piece.Text("responseId")).FirstOrDefault(text => text is not null),
            Model = model?.StartsWith("models/", StringComparison.Ordinal) == true ? model["models/".Length..] : model,
            Billed = GeminiUsage.Instance.Take(pieces),
            MessageData = DataOf([.. read, .. candidates]),
        };

        var parts = new GeminiParts(result, isStreamed);
        foreach (JsonElement candidate in candidates)
        {
            parts.Add(candidate.Get("content") is { } content ? content.Items("parts") : []);
        }

        parts.End();
        if (read.Any(piece => piece.Items("candidates").Skip(1).Any()))
        {
            result.NotKept("candidates beside the first");
        }

        Stop(result, read, candidates, isStreamed);
        return result;
    }

    private static void Stop(Reply result, JsonElement[] pieces, JsonElement[] candidates, bool isStreamed)
    {
        if (pieces.Select(GeminiFinish.BlockOf).FirstOrDefault(reason => reason is not null) is { } blocked)
        {
            result.Fail(GeminiFinish.Blocked + blocked);
            return;
        }

        JsonElement last = candidates.LastOrDefault(candidate => GeminiFinish.ReasonOf(candidate) is not null);
        string? reason = GeminiFinish.ReasonOf(last) ?? (isStreamed ? Reply.CutOff : null);
        if (reason == GeminiFinish.Continuation)
        {
            result.Stop(StopReason.PauseTurn);
            return;
        }

        result.Stop(reason, ["STOP", "FINISH_REASON_UNSPECIFIED"], ["MAX_TOKENS"], []);
        if (result is { StopReason: StopReason.Error } && last.Text("finishMessage") is { } words)
        {
            result.Fail($"{reason}: {words}");
        }
    }

    private static ProviderData? DataOf(IReadOnlyList<JsonElement> values)
    {
        var data = new JsonObject();
        foreach (JsonElement value in values)
        {
            foreach (string name in Kept)
            {
                if (value.Get(name) is { } member)
                {
                    data[name] = ExtraMembers.ToNode(member);
                }
            }
        }

        return data.Count == 0 ? null : new ProviderData(ProviderName, ReplyJson.Compact(data.ToElement()));
    }
}
