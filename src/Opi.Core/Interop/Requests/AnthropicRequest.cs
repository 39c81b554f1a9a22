using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Anthropic Messages. It wants the thinking of the running turn's tool calls back, signed; earlier thinking it would not read.
/// </summary>
internal sealed class AnthropicRequest : RequestShape
{
    public override string Name => AnthropicReply.Name;

    public override RequestLimits Limits => new()
    {
        LongestName = 128,
        TakesThinking = answer => answer.IsRunning && answer.Results.Length > 0 && IsOwn(answer),
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
            request["system"] = system;
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
                AnthropicReply.AddBlock(reply, block);
            }

            return;
        }

        var content = new List<IInputContent>();
        foreach (JsonElement block in message.Items("content"))
        {
            if (block.Is("type", "tool_result"))
            {
                reader.AddUser(content);
                content.Clear();
                reader.AddResult(block.Text("tool_use_id"), null, [.. ReadInput(block, reader)], block.Get("is_error") is { ValueKind: JsonValueKind.True });
            }
            else
            {
                content.AddRange(ReadBlock(block, reader));
            }
        }

        reader.AddUser(content);
    }

    private static IEnumerable<IInputContent> ReadInput(JsonElement holder, RequestReader reader) =>
        holder.Items("content").SelectMany(block => ReadBlock(block, reader));

    private static IEnumerable<IInputContent> ReadBlock(JsonElement block, RequestReader reader)
    {
        JsonElement source = block.Get("source") ?? default;
        return block.ValueKind == JsonValueKind.String ? RequestReader.ReadText(block.GetString())
            : block.Text("type") switch
            {
                "text" => RequestReader.ReadText(block.Text("text")),
                "image" when source.Is("type", "base64") => reader.ReadImage(new RequestImage(source.Text("media_type") ?? "", source.Text("data") ?? "", null)),
                "image" when source.Is("type", "url") => reader.ReadImage(RequestImage.OfUrl(source.Text("url") ?? "")),
                var type => reader.LeftOut(type),
            };
    }

    private static JsonObject Text(string text) => new() { ["type"] = "text", ["text"] = text };

    private static JsonObject Input(IInputContent block) => block switch
    {
        ImageContent image => Image(RequestImage.Of(image)),
        TextContent text => Text(text.Text),
        _ => throw new ArgumentException($"A block of the unknown type {block.Type}.", nameof(block)),
    };

    private static JsonObject Image(RequestImage image) => new()
    {
        ["type"] = "image",
        ["source"] = image.Url is { } url
            ? new JsonObject { ["type"] = "url", ["url"] = url }
            : new JsonObject { ["type"] = "base64", ["media_type"] = image.MediaType, ["data"] = image.Base64 },
    };

    private static JsonObject? Block(IAssistantContent block) => block switch
    {
        TextContent text => Text(text.Text),
        ToolCallContent call => new JsonObject { ["type"] = "tool_use", ["id"] = call.Id, ["name"] = call.Name, ["input"] = Arguments(call) },
        ThinkingContent { Signature: { } signature } thinking => new JsonObject { ["type"] = "thinking", ["thinking"] = thinking.Thinking, ["signature"] = signature },
        ThinkingContent { EncryptedContent: { } data } => new JsonObject { ["type"] = "redacted_thinking", ["data"] = data },
        _ => null,
    };

    private static JsonObject Result(CallResult result)
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
