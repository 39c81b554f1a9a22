using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Anthropic Messages. It requires all of its model's thinking back, signed and unchanged: newer models keep the thinking of earlier turns in their
/// context, and the cached prefix contains it; older ones ignore it.
/// </summary>
internal sealed partial class AnthropicShape : ContentBlockShape
{
    private const string Type = "type";
    private const string Pdf = "application/pdf";
    private const string ImagesAbove = "Images of the tool results above:";

    public override RequestLimits Limits => new()
    {
        LongestName = 128,
        TakesThinking = answer => answer.IsOwn && answer.IsSameModel,
        TakesDocument = document => RequestDocument.Of(document) is var asked
            && (asked.Text is not null || (asked.MediaType == Pdf && (asked.Base64 is not null || asked.IsAt("https", "http")))),
        TakesSystem = true,
    };

    public override void AddTools(JsonObject request, IReadOnlyList<RequestTool> tools, Conversation conversation)
    {
        var list = new JsonArray();
        foreach (RequestTool tool in tools)
        {
            JsonObject written = tool.Named("input_schema");
            if (tool.Strict)
            {
                written["strict"] = true;
            }

            list.AddNode(written);
        }

        if (conversation.Options.Cache)
        {
            AnthropicCache.MarkLast(list);
        }

        request["tools"] = list;
    }

    protected override ServerPairs Pairs => new(
        "assistant", Content, PairOf, IsWhole, block => TypeOf(block) == "tool_use", block => Text(HalfOf(block)));

    protected override bool TakesSystem(string model) => ClaudeModel.TakesSystemMessages(model);

    protected override JsonNode System(string text) => text;

    protected override void ReadAnswer(IReadOnlyList<JsonElement> blocks, Reply reply)
    {
        foreach (JsonElement block in blocks)
        {
            AddBlock(reply, block);
        }
    }

    protected override bool ReadResult(JsonElement block, RequestReader reader, Action flush)
    {
        if (!block.Is(Type, "tool_result"))
        {
            return false;
        }

        flush();
        reader.AddResult(
            block.Text("tool_use_id"),
            null,
            [.. block.Items(Content).SelectMany(part => ReadInput(part, reader))],
            block.Get("is_error") is { ValueKind: JsonValueKind.True },
            ExtraMembers.Of(ProviderName, block, Type, "tool_use_id", Content, "is_error", CacheControl));
        return true;
    }

    protected override IEnumerable<IInputContent> ReadInput(JsonElement block, RequestReader reader)
    {
        if (block.ValueKind == JsonValueKind.String)
        {
            return RequestReader.ReadText(block.GetString());
        }

        JsonElement source = block.Get("source") ?? default;
        bool isPlain = ExtraMembers.Of(ProviderName, block, Type, "source", "title", CacheControl) is null;
        return block.Text(Type) switch
        {
            null => reader.LeftOut(null),
            "text" => RequestReader.ReadText(block.Text("text")).Cast<TextContent>().Select(
                text => text with { ProviderData = ExtraMembers.Of(ProviderName, block, Type, "text", CacheControl) }),
            "image" when isPlain && source.Is(Type, "base64") =>
                reader.ReadImage(new RequestImage(source.Text("media_type") ?? "", source.Text("data") ?? "", null)),
            "image" when isPlain && source.Is(Type, "url") => reader.ReadImage(RequestImage.OfUrl(source.Text("url") ?? "")),
            "document" when isPlain && ReadDocument(source) is { } document => [document.ToContent(block.Text("title"))],
            var type => [new OpaqueContent(type, AnthropicStandIn.Of(block), Raw(block))],
        };
    }

    protected override JsonObject Text(string text) => new() { [Type] = "text", ["text"] = text };

    protected override JsonObject Image(RequestImage image) => new()
    {
        [Type] = "image",
        ["source"] = image.Url is { } url ? OfUrl(url) : OfBytes(image.MediaType, image.Base64),
    };

    protected override JsonObject Document(RequestDocument document, string? name)
    {
        var block = new JsonObject
        {
            [Type] = "document",
            ["source"] = document.Text is { } text
                ? new JsonObject { [Type] = "text", ["media_type"] = "text/plain", ["data"] = text }
                : document.Url is { } url ? OfUrl(url)
                : OfBytes(document.MediaType, document.Base64),
        };
        if (name is not null)
        {
            block["title"] = name;
        }

        return block;
    }

    /// <summary>Blocks that only a system message can have are left out of others.</summary>
    protected override IEnumerable<JsonObject> Inputs(IEnumerable<IInputContent> content, bool ofSystem = false) =>
        base.Inputs(content, ofSystem).Where(
            block => (ofSystem || TypeOf(block) is not ("tool_addition" or "tool_removal")) && TypeOf(block) != "tool_reference");

    protected override JsonObject? Block(IAssistantContent block) => block switch
    {
        TextContent text when string.IsNullOrWhiteSpace(text.Text) => null,
        TextContent text => ExtraMembers.Merge(Text(text.Text), text.ProviderData),
        ToolCallContent call => ExtraMembers.Merge(
            new JsonObject { [Type] = "tool_use", ["id"] = call.Id, ["name"] = call.Name, ["input"] = Arguments(call) }, call.ProviderData),
        ThinkingContent { Signature: { } signature } thinking => ExtraMembers.Merge(
            new JsonObject { [Type] = "thinking", ["thinking"] = thinking.Thinking, ["signature"] = signature }, thinking.ProviderData),
        ThinkingContent { EncryptedContent: { } data } thinking =>
            ExtraMembers.Merge(new JsonObject { [Type] = "redacted_thinking", ["data"] = data }, thinking.ProviderData),
        OpaqueContent opaque => ExtraMembers.Read(opaque.Data) is { Count: > 0 } raw ? raw : null,
        _ => null,
    };

    protected override bool IsThinking(JsonObject block) => TypeOf(block) is "thinking" or "redacted_thinking";

    /// <summary>A result that failed may hold text alone; what else it holds follows the results.</summary>
    protected override JsonObject Result(CallResult result)
    {
        var block = new JsonObject { [Type] = "tool_result", ["tool_use_id"] = result.Call.Id };
        JsonObject[] content = result.IsError
            ? [.. result.Content.Select(AsText).OfType<string>().DefaultIfEmpty(NoOutput).Select(Text)]
            : [.. result.Content.Select(Input).OfType<JsonObject>()];
        if (content.Length > 0)
        {
            block[Content] = new JsonArray([.. content]);
        }

        if (result.IsError)
        {
            block["is_error"] = true;
        }

        return ExtraMembers.Merge(block, result.ProviderData);
    }

    protected override IEnumerable<IInputContent> BehindResults(Answer answer)
    {
        ImmutableArray<IInputContent> moved =
        [
            .. answer.Results.Where(result => result.IsError)
                .SelectMany(result => result.Content.Where(block => block is ImageContent or DocumentContent)),
        ];
        return moved.Length > 0 ? [new TextContent(ImagesAbove), .. moved] : [];
    }

    protected override void Complete(JsonObject request, Conversation conversation)
    {
        var messages = (JsonArray)request["messages"]!;
        DropCallers(messages);
        if (ContainerOf(conversation) is { } container)
        {
            request["container"] = container;
        }

        if (conversation.Options.Cache)
        {
            AnthropicCache.Mark(request);
        }
    }

    private static string? TypeOf(JsonObject block) => block.TextOf(Type);

    private static string? AsText(IInputContent block) => block switch
    {
        TextContent text => text.Text,
        OpaqueContent { StandIn.Length: > 0 } opaque => opaque.StandIn,
        _ => null,
    };

    private static JsonObject OfUrl(string url) => new() { [Type] = "url", ["url"] = url };

    private static JsonObject OfBytes(string mediaType, string? base64) =>
        new() { [Type] = "base64", ["media_type"] = mediaType, ["data"] = base64 };

    private static RequestDocument? ReadDocument(JsonElement source) => source.Text(Type) switch
    {
        "text" => new RequestDocument(source.Text("media_type") ?? "text/plain", source.Text("data") ?? "", null, null),
        "base64" => RequestDocument.OfBytes(source.Text("media_type") ?? Pdf, source.Text("data") ?? ""),
        "url" => new RequestDocument(Pdf, null, null, source.Text("url") ?? ""),
        _ => null,
    };

    private static (string Id, bool IsCall)? PairOf(JsonObject block)
    {
        string type = TypeOf(block) ?? "";
        return type is "server_tool_use" or "mcp_tool_use" ? (block.TextOf("id") ?? "", true)
            : type.EndsWith("_tool_result", StringComparison.Ordinal) ? (block.TextOf("tool_use_id") ?? "", false)
            : null;
    }

    /// <summary>A call that was cut off has no object as its input.</summary>
    private static bool IsWhole(JsonObject block) => PairOf(block) is not { IsCall: true } || block["input"] is JsonObject;

    private static string HalfOf(JsonObject block)
    {
        string standIn = AnthropicStandIn.Of(block.ToElement());
        return standIn.Length > 0 ? standIn : $"[{TypeOf(block)}]";
    }

    /// <summary>A call that code at the provider made names the call of that code, which has to be there.</summary>
    private static void DropCallers(JsonArray messages)
    {
        JsonObject[] blocks = [.. Answers(messages).SelectMany(answer => ((JsonArray)answer[Content]!).OfType<JsonObject>())];
        HashSet<string?> ids = [.. blocks.Where(block => TypeOf(block) == "server_tool_use").Select(block => block.TextOf("id"))];
        foreach (JsonObject block in blocks)
        {
            if (block["caller"] is JsonObject caller && caller.TextOf("tool_id") is { } id && !ids.Contains(id))
            {
                block.Remove("caller");
            }
        }
    }

    /// <summary>The container that ran the newest answer's code, so that it finds its files again; null for none, or when it is gone.</summary>
    private string? ContainerOf(Conversation conversation)
    {
        JsonObject? container = conversation.Steps.OfType<Answer>().Where(answer => answer.IsOwn && answer.Message.ProviderData?.Shape == DataName)
            .Select(answer => ExtraMembers.Read(answer.Message.ProviderData)["container"] as JsonObject).LastOrDefault(found => found is not null);
        bool isGone = container is not null && DateTimeOffset.TryParse(
            container.TextOf("expires_at"),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out DateTimeOffset end) && end <= conversation.Options.TimeProvider.GetUtcNow();
        return container is null || isGone ? null : container.TextOf("id");
    }
}
