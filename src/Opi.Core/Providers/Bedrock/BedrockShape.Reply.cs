using System.Text.Json;

namespace Opi;

/// <summary>
/// Amazon Bedrock Converse. What it counts as input leaves out the cache, as Opi does. The reply names no model, and its id is in the
/// HTTP headers; tools that put them into <c>ResponseMetadata</c> are heard.
/// </summary>
internal sealed partial class BedrockShape
{
    public const string ProviderName = "bedrock";

    public override Provider Provider => Provider.Bedrock;

    public override string Name => ProviderName;

    public override string DataName => "bedrock";

    public override string LookedFor => "'output.message'";

    public override bool Is(JsonElement reply) => reply.Object("output")?.Object("message") is not null;

    public override Reply Read(JsonElement reply)
    {
        var result = new Reply(ProviderName)
        {
            Id = reply.Object("ResponseMetadata")?.Text("RequestId"),
            Billed = BedrockUsage.Instance.Take(reply),
        };
        foreach (JsonElement block in reply.Object("output")?.Object("message")?.Items("content") ?? [])
        {
            AddBlock(result, block);
        }

        result.Stop(reply.Text("stopReason"), ["end_turn", "stop_sequence"], ["max_tokens", "model_context_window_exceeded"], ["tool_use"]);
        return result;
    }

    /// <summary>Adds a block of an answer's content.</summary>
    public static void AddBlock(Reply result, JsonElement block)
    {
        JsonElement reasoning = block.Object("reasoningContent") ?? default;
        JsonElement thinking = reasoning.Object("reasoningText") ?? default;
        result.AddThinking(thinking.Text("text"), thinking.Text("signature"), reasoning.Text("redactedContent"));
        result.AddText(block.Text("text"));
        if (block.Object("image") is { } image)
        {
            result.AddImage($"image/{image.Text("format")}");
        }

        if (block.Object("toolUse") is { } call)
        {
            result.AddCall(call.Text("toolUseId"), call.Text("name"), ReplyJson.Arguments(call.Get("input")));
        }
    }
}
