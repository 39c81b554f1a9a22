using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// OpenAI Chat Completions and the servers that speak it. Content is one text, which all of them take; parts only where there are images.
/// Images of a result follow the results as the user's. OpenAI has no place for thinking; a few others demand theirs back.
/// </summary>
internal sealed partial class OpenAIChatShape : ProviderShape
{
    /// <summary>DeepSeek and Moonshot refuse calls that a thinking model made without their reasoning_content.</summary>
    private static readonly string[] TakingThinkingBack = ["deepseek", "moonshot", "moonshotai", "kimi"];

    public override RequestLimits Limits => new()
    {
        LongestId = 40,
        TakesThinking = answer => TakingThinkingBack.Contains(answer.Message.Provider),
    };

    public override JsonObject Write(Conversation conversation, string? system)
    {
        var messages = new JsonArray();
        if (system is not null)
        {
            messages.Add(new JsonObject { ["role"] = "system", ["content"] = system });
        }

        foreach (Step step in conversation.Steps)
        {
            switch (step)
            {
                case Prompt prompt:
                    messages.Add(User([.. prompt.Content]));
                    break;
                case Answer answer:
                    messages.Add(Assistant(answer));
                    foreach (CallResult result in answer.Results)
                    {
                        messages.Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = result.Call.Id, ["content"] = Join(result.Texts) });
                    }

                    if (answer.ResultImages is { Count: > 0 } images)
                    {
                        messages.Add(User(images));
                    }

                    break;
            }
        }

        return new JsonObject { ["messages"] = messages };
    }

    public override void ReadMessage(JsonElement message, RequestReader reader)
    {
        switch (message.Text("role"))
        {
            case "assistant":
                AddMessage(reader.BeginAnswer(), message);
                break;
            case "tool":
                reader.AddResult(message.Text("tool_call_id"), message.Text("name"), [.. ReadContent(message, reader)], isError: false);
                break;
            case "user":
                reader.AddUser([.. ReadContent(message, reader)]);
                break;
            case var role:
                reader.LeftOut($"message of the {role}");
                break;
        }
    }

    private static IEnumerable<IInputContent> ReadContent(JsonElement message, RequestReader reader) => message.Items("content").SelectMany(part =>
        part.ValueKind == JsonValueKind.String ? RequestReader.ReadText(part.GetString())
            : part.Text("type") switch
            {
                "text" => RequestReader.ReadText(part.Text("text")),
                "image_url" => reader.ReadImage(RequestImage.OfUrl(part.Object("image_url")?.Text("url") ?? part.Text("image_url") ?? "")),
                var type => reader.LeftOut(type),
            });

    private static JsonObject User(IReadOnlyList<IInputContent> content) => new()
    {
        ["role"] = "user",
        ["content"] = content.Any(block => block is ImageContent) ? new JsonArray([.. content.Select(Part)]) : Join(Texts(content)),
    };

    private static JsonObject Part(IInputContent block) => block is ImageContent image
        ? new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = RequestImage.Of(image).AnyUrl } }
        : new JsonObject { ["type"] = "text", ["text"] = ((TextContent)block).Text };

    private static JsonObject Assistant(Answer answer)
    {
        string text = Join(answer.Content.OfType<TextContent>().Select(block => block.Text));
        var message = new JsonObject { ["role"] = "assistant", ["content"] = text.Length > 0 ? text : null };
        if (Join(answer.Content.OfType<ThinkingContent>().Select(block => block.Thinking)) is { Length: > 0 } thinking)
        {
            message["reasoning_content"] = thinking;
        }

        if (answer.Results.Length > 0)
        {
            message["tool_calls"] = new JsonArray([.. answer.Results.Select(result => new JsonObject
            {
                ["id"] = result.Call.Id,
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = result.Call.Name, ["arguments"] = ArgumentsText(result.Call) },
            })]);
        }

        return message;
    }
}
