using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Amazon Bedrock Converse. It wants the thinking of the running turn's tool calls back, signed. It takes images as bytes or from S3.
/// </summary>
internal sealed partial class BedrockShape : ContentBlockShape
{
    /// <summary>The result of a tool that gave nothing; a result without content is refused.</summary>
    public const string NoOutput = "(no output)";

    private const string ImagePrefix = "image/";

    public override RequestLimits Limits => new()
    {
        TakesThinking = answer => answer.IsRunning && answer.Results.Length > 0 && answer.IsOwn,
        TakesImage = image => image.Base64 is not null || image.IsAt("s3"),
        Images = "images as data or from s3://",
        TrimsEnd = true,
    };

    protected override JsonNode System(string text) => new JsonArray(Text(text));

    protected override void ReadAnswer(JsonElement block, Reply reply) => AddBlock(reply, block);

    protected override (string? Id, IEnumerable<JsonElement> Content, bool IsError)? ResultIn(JsonElement block) =>
        block.Object("toolResult") is { } result ? (result.Text("toolUseId"), result.Items("content"), result.Is("status", "error")) : null;

    protected override IEnumerable<IInputContent> ReadInput(JsonElement block, RequestReader reader)
    {
        if (block.Get("text") is not null || block.Get("json") is not null)
        {
            return RequestReader.ReadText(block.Text("text") ?? block.Text("json"));
        }

        JsonElement? source = block.Get("image", "source");
        string type = ImagePrefix + block.Object("image")?.Text("format");
        return source?.Text("bytes") is { } bytes ? reader.ReadImage(new RequestImage(type, bytes, null))
            : source?.Object("s3Location")?.Text("uri") is { } uri ? reader.ReadImage(new RequestImage(type, null, uri))
            : reader.LeftOut(block.ValueKind == JsonValueKind.Object ? block.EnumerateObject().FirstOrDefault().Name : null);
    }

    protected override JsonObject Text(string text) => new() { ["text"] = text };

    protected override JsonObject Image(RequestImage image) => new()
    {
        ["image"] = new JsonObject
        {
            ["format"] = image.MediaType[ImagePrefix.Length..],
            ["source"] = image.Url is { } url
                ? new JsonObject { ["s3Location"] = new JsonObject { ["uri"] = url } }
                : new JsonObject { ["bytes"] = image.Base64 },
        },
    };

    protected override JsonObject? Block(IAssistantContent block) => block switch
    {
        TextContent text => Text(text.Text),
        ToolCallContent call =>
            new JsonObject { ["toolUse"] = new JsonObject { ["toolUseId"] = call.Id, ["name"] = call.Name, ["input"] = Arguments(call) } },
        ThinkingContent { Signature: { } signature, Thinking.Length: > 0 } thinking =>
            Reasoning("reasoningText", new JsonObject { ["text"] = thinking.Thinking, ["signature"] = signature }),
        ThinkingContent { EncryptedContent: { } data } => Reasoning("redactedContent", data),
        _ => null,
    };

    private static JsonObject Reasoning(string kind, JsonNode value) => new() { ["reasoningContent"] = new JsonObject { [kind] = value } };

    protected override JsonObject Result(CallResult result)
    {
        var content = new JsonObject
        {
            ["toolUseId"] = result.Call.Id,
            ["content"] = new JsonArray([.. result.Content.Length == 0 ? [Text(NoOutput)] : result.Content.Select(Input)]),
        };
        if (result.IsError)
        {
            content["status"] = "error";
        }

        return new JsonObject { ["toolResult"] = content };
    }
}
