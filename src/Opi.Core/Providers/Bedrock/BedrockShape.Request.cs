using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Amazon Bedrock Converse. It requires its model's thinking back, signed. It takes images and documents as bytes or from S3.
/// </summary>
internal sealed partial class BedrockShape : ContentBlockShape
{
    private const string ImagePrefix = "image/";
    private const string CachePoint = "cachePoint";

    public override RequestLimits Limits => new()
    {
        TakesThinking = answer => answer.IsOwn && answer.IsSameModel,
        TakesImage = image => image.Base64 is not null || image.IsAt("s3"),
        TakesDocument = document => RequestDocument.Of(document) is var asked && BedrockDocuments.FormatOf(asked.MediaType) is not null
            && (asked.Url is null || asked.IsAt("s3")),
        Images = "images as data or from s3://",
        TakesSystem = true,
    };

    public override void AddTools(JsonObject request, IReadOnlyList<RequestTool> tools, Conversation conversation)
    {
        var list = new JsonArray();
        foreach (RequestTool tool in tools)
        {
            JsonObject spec = tool.Named(schema: null);
            spec["inputSchema"] = new JsonObject { ["json"] = tool.Schema };
            if (tool.Strict)
            {
                spec["strict"] = true;
            }

            list.AddNode(new JsonObject { ["toolSpec"] = spec });
        }

        if (conversation.Options.Cache && conversation.Model.Contains("claude", StringComparison.OrdinalIgnoreCase))
        {
            list.AddNode(Point()); // other models refuse a mark among the tools
        }

        request["toolConfig"] = new JsonObject { ["tools"] = list };
    }

    protected override ServerPairs Pairs => new(
        "assistant",
        Content,
        block => block[ToolUse] is JsonObject call && IsServerCall(call) ? (call.TextOf("toolUseId") ?? "", true)
            : block[ToolResult] is JsonObject result ? (result.TextOf("toolUseId") ?? "", false)
            : null,
        block => block[ToolUse] is JsonObject call ? call["input"] is JsonObject : block[ToolResult]?[Content] is JsonArray { Count: > 0 },
        block => block[ToolUse] is JsonObject call && !IsServerCall(call),
        block => Text(HalfOf(block)));

    protected override JsonNode System(string text) => new JsonArray(Text(text));

    protected override void ReadAnswer(IReadOnlyList<JsonElement> blocks, Reply reply) =>
        AddBlocks(reply, [.. blocks.Where(block => block.Get(CachePoint) is null)]);

    protected override bool ReadResult(JsonElement block, RequestReader reader, Action flush)
    {
        if (block.Object(ToolResult) is not { } result)
        {
            return false;
        }

        flush();
        JsonElement[] parts = [.. result.Items(Content).Where(part => part.Get(CachePoint) is null)];
        string[] known = parts.Any(part => part.Get("json") is not null) ? ["toolUseId", "status"] : ["toolUseId", "status", Content];
        reader.AddResult(
            result.Text("toolUseId"),
            null,
            [.. parts.SelectMany(part => ReadInput(part, reader))],
            result.Is("status", "error"),
            ExtraMembers.Of(ProviderName, result, known));
        return true;
    }

    protected override IEnumerable<IInputContent> ReadInput(JsonElement block, RequestReader reader)
    {
        if (block.ValueKind != JsonValueKind.Object)
        {
            return block.ValueKind == JsonValueKind.String ? RequestReader.ReadText(block.GetString()) : reader.LeftOut(null);
        }

        if (block.Get("text") is not null || block.Get("json") is not null)
        {
            return RequestReader.ReadText(block.Text("text") ?? block.Text("json"));
        }

        if (block.EnumerateObject().FirstOrDefault(member => member.Value.ValueKind != JsonValueKind.Null) is not { Name: { } kind } member)
        {
            return reader.LeftOut(null);
        }

        JsonElement source = member.Value.Get("source") ?? default;
        string? bytes = source.Text("bytes");
        string? uri = source.Object("s3Location") is { } place && ExtraMembers.Of(ProviderName, place, "uri") is null ? place.Text("uri") : null;
        string image = ImagePrefix + member.Value.Text("format");
        switch (kind)
        {
            case CachePoint:
                return []; // each request places its own
            case "image" when (bytes ?? uri) is not null:
                return reader.ReadImage(new RequestImage(image, bytes, bytes is null ? uri : null));
            case "document" when BedrockDocuments.MediaTypeOf(member.Value.Text("format")) is { } type
                && ExtraMembers.Of(ProviderName, member.Value, "format", "name", "source") is null:
                RequestDocument? document = bytes is not null ? RequestDocument.OfBytes(type, bytes)
                    : uri is not null ? new RequestDocument(type, null, null, uri)
                    : source.Get("text") is not null ? new RequestDocument(type, source.Text("text"), null, null)
                    : null;
                if (document is { } read)
                {
                    return [read.ToContent(member.Value.Text("name"))];
                }

                break;
        }

        return [new OpaqueContent(kind, BedrockStandIn.Of(kind, member.Value), Raw(kind, member.Value))];
    }

    protected override JsonObject Text(string text) => new() { ["text"] = text };

    protected override JsonObject Image(RequestImage image) => new()
    {
        ["image"] = new JsonObject { ["format"] = image.MediaType[ImagePrefix.Length..], ["source"] = Source(image.Base64, image.Url) },
    };

    protected override JsonObject Document(RequestDocument document, string? name) => new()
    {
        ["document"] = new JsonObject
        {
            ["format"] = BedrockDocuments.FormatOf(document.MediaType),
            ["name"] = name,
            ["source"] = Source(document.AnyBase64, document.Url),
        },
    };

    protected override JsonObject? Block(IAssistantContent block) => block switch
    {
        TextContent { ProviderData: { } data } when ExtraMembers.Read(data) is { } raw && raw.ContainsKey(Citations) => raw,
        TextContent text => string.IsNullOrWhiteSpace(text.Text) ? null : Text(text.Text),
        ToolCallContent call => new JsonObject
        {
            [ToolUse] = ExtraMembers.Merge(
                new JsonObject { ["toolUseId"] = call.Id, ["name"] = call.Name, ["input"] = Arguments(call) }, call.ProviderData),
        },
        ThinkingContent { Signature: { } signature } thinking =>
            Thought("reasoningText", new JsonObject { ["text"] = thinking.Thinking, ["signature"] = signature }),
        ThinkingContent { EncryptedContent: { } data } => Thought("redactedContent", data),
        OpaqueContent opaque => ExtraMembers.Read(opaque.Data) is { Count: > 0 } raw ? raw : null,
        _ => null,
    };

    protected override bool IsThinking(JsonObject block) => block.ContainsKey(Reasoning);

    protected override JsonObject Result(CallResult result)
    {
        JsonObject kept = ExtraMembers.Read(result.ProviderData);
        JsonObject[] parts = [.. result.Content.Select(Input).OfType<JsonObject>()];
        var content = new JsonObject
        {
            ["toolUseId"] = result.Call.Id,
            [Content] = kept[Content] is JsonArray { Count: > 0 } same
                ? same.DeepClone()
                : new JsonArray([.. parts.Length > 0 ? parts : [Text(NoOutput)]]),
        };
        if (result.IsError)
        {
            content["status"] = "error";
        }

        return new JsonObject { [ToolResult] = ExtraMembers.Merge(content, result.ProviderData) };
    }

    protected override void Complete(JsonObject request, Conversation conversation)
    {
        var messages = (JsonArray)request["messages"]!;
        BedrockDocuments.Complete(messages);
        if (!conversation.Options.Cache)
        {
            return;
        }

        if (request["system"] is JsonArray system)
        {
            system.AddNode(Point());
        }

        if (messages.OfType<JsonObject>().LastOrDefault(message => message.TextOf("role") == "user")?[Content] is JsonArray last)
        {
            last.AddNode(Point());
        }
    }

    private static JsonObject Point() => new() { [CachePoint] = new JsonObject { ["type"] = "default" } };

    /// <summary>Newer models write the type of the client's calls too: tool_use.</summary>
    private static bool IsServerCall(JsonObject call) => call.TextOf("type") == ServerToolUse;

    private static string HalfOf(JsonObject block)
    {
        (string kind, JsonNode? data) = block.First();
        string standIn = BedrockStandIn.Of(kind, data!.ToElement());
        return standIn.Length > 0 ? standIn : $"[{kind}]";
    }

    private static JsonObject Source(string? base64, string? url) =>
        url is null ? new JsonObject { ["bytes"] = base64 } : new JsonObject { ["s3Location"] = new JsonObject { ["uri"] = url } };

    private static JsonObject Thought(string kind, JsonNode value) => new() { [Reasoning] = new JsonObject { [kind] = value } };
}
