using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Gemini's Interactions API. A reply is a list of steps; the older one is a list of outputs. What ran at Google is kept whole.
/// </summary>
internal sealed partial class GeminiInteractionsShape
{
    /// <summary>What a message keeps of a reply besides the steps.</summary>
    private static readonly string[] Kept = ["agent", "environment_id", "previous_interaction_id", "errors"];

    public override Provider Provider => Provider.GeminiInteractions;

    public override string Name => GeminiShape.ProviderName;

    public override string DataName => InteractionsStep.DataName;

    public override IReadOnlyList<BlockKind> Kinds => InteractionsKinds.All;

    public override string LookedFor => "'steps' or 'outputs', with object 'interaction'";

    public override string? StreamedText(JsonElement chunk) =>
        IsEvent(chunk) && chunk.Object("delta") is { } delta && delta.Is("type", "text") ? delta.Text("text") : null;

    /// <summary>Clients that write the reply anew leave out what kind of object it is.</summary>
    public override bool Is(JsonElement reply) =>
        reply.Is("object", "interaction")
        || (HasSteps(reply) && reply.Get("status") is { ValueKind: JsonValueKind.String }
            && (reply.Get("model") ?? reply.Get("agent") ?? reply.Get("usage", "total_input_tokens")) is not null);

    public override bool CouldBe(JsonElement reply) => Is(reply) || HasSteps(reply);

    public override bool IsEvent(JsonElement chunk) => InteractionsStream.IsEvent(chunk);

    public override Reply Read(JsonElement reply)
    {
        string? status = reply.Text("status");
        if (InteractionsStatus.IsRunning(status))
        {
            throw new UnknownReplyException($"The interaction '{reply.Text("id")}' is {status}: ask for it again when it is completed.");
        }

        string? model = reply.Text("model") ?? reply.Text("agent");
        var result = new Reply(Name)
        {
            Id = reply.Text("id") is { Length: > 0 } id ? id : null, // one that is not stored has none
            Model = model?.StartsWith("models/", StringComparison.Ordinal) == true ? model["models/".Length..] : model,
            Billed = InteractionsUsage.Instance.Take(reply),
            MessageData = DataOf(reply),
        };
        InteractionsStep.AddAll(result, InteractionsStep.OfReply(reply));
        if (!HasSteps(reply))
        {
            result.AddText(reply.Text("output_text")); // clients add it to what they write
        }

        InteractionsStatus.Stop(result, reply);
        return result;
    }

    protected override bool IsStart(JsonElement chunk) => chunk.Text("event_type") is "interaction.created" or "interaction.start";

    public override JsonElement Assemble(IReadOnlyList<JsonElement> events) => InteractionsStream.Assemble(events);

    private static bool HasSteps(JsonElement reply) =>
        (reply.Get("steps") ?? reply.Get("outputs")) is { } list && list.ValueKind is JsonValueKind.Array or JsonValueKind.Object;

    private ProviderData? DataOf(JsonElement reply)
    {
        var data = new JsonObject();
        foreach (string name in Kept)
        {
            if (reply.Get(name) is { } member && !ProviderJson.IsZero(member))
            {
                data[name] = ProviderJson.Node(member);
            }
        }

        JsonElement[] errors = [.. InteractionsStatus.ErrorsOfSteps(reply)];
        if (errors.Length > 0)
        {
            data["step_errors"] = new JsonArray([.. errors.Select(ProviderJson.Node)]);
        }

        return ProviderJson.Data(DataName, data);
    }
}
