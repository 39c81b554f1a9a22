using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// OpenAI Responses. It wants the reasoning of the running turn back, encrypted as it gave it, before the item that it led to.
/// </summary>
internal sealed partial class OpenAIResponsesShape : ProviderShape
{
    public override RequestLimits Limits => new() { TakesThinking = answer => answer.IsRunning && answer.IsOwn };

    public override JsonObject Write(Conversation conversation, string? system)
    {
        var input = new JsonArray();
        foreach (Step step in conversation.Steps)
        {
            switch (step)
            {
                case Prompt prompt:
                    input.Add(new JsonObject { ["role"] = "user", ["content"] = Content(prompt.Content) });
                    break;
                case Answer answer:
                    foreach (IAssistantContent block in answer.ContentBeforeLastThinking)
                    {
                        if (Item(block) is { } item)
                        {
                            input.Add(item);
                        }
                    }

                    foreach (CallResult result in answer.Results)
                    {
                        input.Add(
                            new JsonObject { ["type"] = "function_call_output", ["call_id"] = result.Call.Id, ["output"] = Content(result.Content) });
                    }

                    break;
            }
        }

        var request = new JsonObject { ["input"] = input };
        if (system is not null)
        {
            request["instructions"] = system;
        }

        return request;
    }

    public override void ReadMessage(JsonElement message, RequestReader reader)
    {
        switch (message.Text("type") ?? "message")
        {
            case "message" when message.Is("role", "user"):
                reader.AddUser([.. ReadContent(message, "content", reader)]);
                break;
            case "message" when !message.Is("role", "assistant"):
                reader.LeftOut($"message of the {message.Text("role")}");
                break;
            case "message" or "reasoning" or "function_call" or "custom_tool_call":
                AddItem(reader.GoOnAnswer(), message);
                break;
            case "function_call_output" or "custom_tool_call_output":
                reader.AddResult(message.Text("call_id"), null, [.. ReadContent(message, "output", reader)], isError: false);
                break;
            case var type:
                reader.LeftOut(type);
                break;
        }
    }

    private static IEnumerable<IInputContent> ReadContent(JsonElement holder, string name, RequestReader reader) =>
        holder.Items(name).SelectMany(part =>
        part.ValueKind == JsonValueKind.String ? RequestReader.ReadText(part.GetString())
            : part.Text("type") switch
            {
                "input_text" or "output_text" or "text" => RequestReader.ReadText(part.Text("text")),
                "input_image" when part.Text("image_url") is { } url => reader.ReadImage(RequestImage.OfUrl(url)),
                var type => reader.LeftOut(type),
            });

    /// <summary>One text as it is, anything else in parts.</summary>
    private static JsonNode Content(IReadOnlyList<IInputContent> content) => content switch
    {
        [] => "",
        [TextContent only] => only.Text,
        _ => new JsonArray([.. content.Select(Part)]),
    };

    private static JsonObject Part(IInputContent block) => block is ImageContent image
        ? new JsonObject { ["type"] = "input_image", ["image_url"] = RequestImage.Of(image).AnyUrl, ["detail"] = "auto" }
        : new JsonObject { ["type"] = "input_text", ["text"] = ((TextContent)block).Text };

    private static JsonObject? Item(IAssistantContent block) => block switch
    {
        TextContent text => new JsonObject { ["role"] = "assistant", ["content"] = text.Text },
        ToolCallContent call =>
            new JsonObject { ["type"] = "function_call", ["call_id"] = call.Id, ["name"] = call.Name, ["arguments"] = ArgumentsText(call) },
        ThinkingContent { Id: { } id, EncryptedContent: { } encrypted } thinking => new JsonObject
        {
            ["type"] = "reasoning",
            ["id"] = id,
            ["summary"] = thinking.Thinking.Length == 0
                ? []
                : new JsonArray(new JsonObject { ["type"] = "summary_text", ["text"] = thinking.Thinking }),
            ["encrypted_content"] = encrypted,
        },
        _ => null,
    };
}
