using System.Text.Json;

namespace Opi;

/// <summary>OpenAI Responses. The output is a list of items; one that waits for the client is a call.</summary>
internal sealed partial class OpenAIResponsesShape
{
    public const string ProviderName = "openai";

    public override Provider Provider => Provider.OpenAIResponses;

    public override string Name => ProviderName;

    public override string DataName => ResponsesItem.DataName;

    public override string LookedFor => "'output', with object 'response'";

    public override IReadOnlyList<BlockKind> Kinds => ResponsesItem.Kinds;

    public override string? StreamedText(JsonElement chunk) =>
        chunk.Is("type", "response.output_text.delta") ? chunk.Text("delta") : null;

    public override bool Is(JsonElement reply) =>
        reply.Is("object", "response") || ResponsesCompaction.Is(reply)
        || (reply.Get("output") is { ValueKind: JsonValueKind.Array } && reply.Get("status") is not null);

    public override bool CouldBe(JsonElement reply) => reply.Get("output") is not null && reply.Object("output")?.Object("message") is null;

    public override bool IsEvent(JsonElement chunk) =>
        chunk.Get("type") is { ValueKind: JsonValueKind.String } type && type.GetString()!.StartsWith("response.", StringComparison.Ordinal);

    public override Reply Read(JsonElement reply)
    {
        if (ResponsesCompaction.Is(reply))
        {
            return ResponsesCompaction.Read(reply);
        }

        if (reply.Text("status") is "queued" or "in_progress")
        {
            throw new UnknownReplyException($"The response '{reply.Text("id")}' is {reply.Text("status")}: ask for it again when it is completed.");
        }

        var result = new Reply(ProviderName) { Id = reply.Text("id"), Model = reply.Text("model"), Billed = ResponsesUsage.Instance.Take(reply) };
        foreach (JsonElement item in reply.Items("output"))
        {
            ResponsesItem.Add(result, item);
        }

        switch (reply.Text("status"))
        {
            case "incomplete" when reply.Object("incomplete_details")?.Text("reason") is "steered":
                result.Stop(StopReason.Aborted, "The reply was steered before it ended.");
                break;
            case "incomplete":
                result.Stop(reply.Object("incomplete_details")?.Text("reason") ?? "incomplete", [], ["max_output_tokens", "max_messages"], []);
                break;
            case "cancelled":
                result.Stop(Reply.CutOff, [], [], []);
                break;
            case "failed":
                result.Fail("The response failed.");
                break;
            default:
                result.Stop(null, [], [], []);
                break;
        }

        return result;
    }

    protected override bool IsStart(JsonElement chunk) => chunk.Is("type", "response.created");

    /// <summary>The events of a stream as the whole reply.</summary>
    public override JsonElement Assemble(IReadOnlyList<JsonElement> events) => ResponsesStream.Assemble(events);
}
