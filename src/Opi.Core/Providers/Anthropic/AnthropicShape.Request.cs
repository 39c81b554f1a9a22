using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Anthropic Messages. It wants the thinking of the running turn's tool calls back, signed; earlier thinking it would not read.
/// </summary>
internal sealed partial class AnthropicShape : ContentBlockShape
{
    public override RequestLimits Limits => new()
    {
        LongestName = 128,
        TakesThinking = answer => answer.IsRunning && answer.Results.Length > 0 && answer.IsOwn,
        TrimsEnd = true,
    };

    protected override JsonNode System(string text) => text;

    protected override void ReadAnswer(JsonElement block, Reply reply) => AddBlock(reply, block);

    protected override (string? Id, IEnumerable<JsonElement> Content, bool IsError)? ResultIn(JsonElement block) =>
        block.Is("type", "tool_result")
            ? (block.Text("tool_use_id"), block.Items("content"), block.Get("is_error") is { ValueKind: JsonValueKind.True })
            : null;

    protected override IEnumerable<IInputContent> ReadInput(JsonElement block, RequestReader reader)
    {
        JsonElement source = block.Get("source") ?? default;
        return block.ValueKind == JsonValueKind.String ? RequestReader.ReadText(block.GetString())
            : block.Text("type") switch
            {
                "text" => RequestReader.ReadText(block.Text("text")),
                "image" when source.Is("type", "base64") =>
                    reader.ReadImage(new RequestImage(source.Text("media_type") ?? "", source.Text("data") ?? "", null)),
                "image" when source.Is("type", "url") => reader.ReadImage(RequestImage.OfUrl(source.Text("url") ?? "")),
                var type => reader.LeftOut(type),
            };
    }

    protected override JsonObject Text(string text) => new() { ["type"] = "text", ["text"] = text };

    protected override JsonObject Image(RequestImage image) => new()
    {
        ["type"] = "image",
        ["source"] = image.Url is { } url
            ? new JsonObject { ["type"] = "url", ["url"] = url }
            : new JsonObject { ["type"] = "base64", ["media_type"] = image.MediaType, ["data"] = image.Base64 },
    };

    protected override JsonObject? Block(IAssistantContent block) => block switch
    {
        TextContent text => Text(text.Text),
        ToolCallContent call => new JsonObject { ["type"] = "tool_use", ["id"] = call.Id, ["name"] = call.Name, ["input"] = Arguments(call) },
        ThinkingContent { Signature: { } signature } thinking =>
            new JsonObject { ["type"] = "thinking", ["thinking"] = thinking.Thinking, ["signature"] = signature },
        ThinkingContent { EncryptedContent: { } data } => new JsonObject { ["type"] = "redacted_thinking", ["data"] = data },
        _ => null,
    };

    protected override JsonObject Result(CallResult result)
    {
        var block = new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = result.Call.Id };
        if (result.Content.Length > 0)
        {
            block["content"] = new JsonArray([.. result.Content.Select(Input)]);
        }

        if (result.IsError)
        {
            block["is_error"] = true;
        }

        return block;
    }
}
