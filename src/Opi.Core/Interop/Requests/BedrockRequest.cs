using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Amazon Bedrock Converse. It wants the thinking of the running turn's tool calls back, signed. It takes images as bytes or from S3.
/// </summary>
internal sealed class BedrockRequest : RequestShape
{
    /// <summary>The result of a tool that gave nothing; a result without content is refused.</summary>
    public const string NoOutput = "(no output)";

    private const string ImagePrefix = "image/";

    public override string Name => BedrockReply.Name;

    public override RequestLimits Limits => new()
    {
        TakesThinking = answer => answer.IsRunning && answer.Results.Length > 0 && IsOwn(answer),
        TakesImage = image => image.Base64 is not null || image.IsAt("s3"),
        Images = "images as data or from s3://",
        TrimsEnd = true,
    };

    public override JsonObject Write(Conversation conversation, string? system)
    {
        var messages = new AlternatingMessages("assistant", "content", Text);
        foreach (Step step in conversation.Steps)
        {
            switch (step)
            {
                case Prompt prompt:
                    messages.AddUser(prompt.Content.Select(Input));
                    break;
                case Answer answer:
                    messages.AddAssistant(answer.ContentBeforeLastThinking.Select(Block).OfType<JsonObject>());
                    messages.AddUser(answer.Results.Select(Result));
                    break;
            }
        }

        var request = new JsonObject { ["messages"] = messages.ToArray() };
        if (system is not null)
        {
            request["system"] = new JsonArray(Text(system));
        }

        return request;
    }

    public override void Read(JsonElement message, RequestReader reader)
    {
        if (message.Is("role", "assistant"))
        {
            Reply reply = reader.BeginAnswer();
            foreach (JsonElement block in message.Items("content"))
            {
                BedrockReply.AddBlock(reply, block);
            }

            return;
        }

        var content = new List<IInputContent>();
        foreach (JsonElement block in message.Items("content"))
        {
            if (block.Object("toolResult") is { } result)
            {
                reader.AddUser(content);
                content.Clear();
                reader.AddResult(result.Text("toolUseId"), null, [.. result.Items("content").SelectMany(part => ReadBlock(part, reader))], result.Is("status", "error"));
            }
            else
            {
                content.AddRange(ReadBlock(block, reader));
            }
        }

        reader.AddUser(content);
    }

    private static IEnumerable<IInputContent> ReadBlock(JsonElement block, RequestReader reader)
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

    private static JsonObject Text(string text) => new() { ["text"] = text };

    private static JsonObject Input(IInputContent block) => block switch
    {
        ImageContent image => new JsonObject { ["image"] = Image(RequestImage.Of(image)) },
        TextContent text => Text(text.Text),
        _ => throw new ArgumentException($"A block of the unknown type {block.Type}.", nameof(block)),
    };

    private static JsonObject Image(RequestImage image) => new()
    {
        ["format"] = image.MediaType[ImagePrefix.Length..],
        ["source"] = image.Url is { } url
            ? new JsonObject { ["s3Location"] = new JsonObject { ["uri"] = url } }
            : new JsonObject { ["bytes"] = image.Base64 },
    };

    private static JsonObject? Block(IAssistantContent block) => block switch
    {
        TextContent text => Text(text.Text),
        ToolCallContent call => new JsonObject { ["toolUse"] = new JsonObject { ["toolUseId"] = call.Id, ["name"] = call.Name, ["input"] = Arguments(call) } },
        ThinkingContent { Signature: { } signature, Thinking.Length: > 0 } thinking => Reasoning("reasoningText", new JsonObject { ["text"] = thinking.Thinking, ["signature"] = signature }),
        ThinkingContent { EncryptedContent: { } data } => Reasoning("redactedContent", data),
        _ => null,
    };

    private static JsonObject Reasoning(string kind, JsonNode value) => new() { ["reasoningContent"] = new JsonObject { [kind] = value } };

    private static JsonObject Result(CallResult result)
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
