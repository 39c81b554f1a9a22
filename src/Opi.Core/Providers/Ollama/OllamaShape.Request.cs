using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Ollama's own /api/chat. Calls have no ids: results follow in the order of the calls, with the tool's name. Images are base64 text, also
/// those of a result.
/// </summary>
internal sealed partial class OllamaShape : ProviderShape
{
    public override RequestLimits Limits => new()
    {
        TakesThinking = answer => answer.Results.Length > 0 && answer.IsOwn && answer.IsSameModel,
        TakesSystem = true,
        TakesImage = image => image.Base64 is not null,
        Images = "images as data only",
    };

    public override JsonObject Write(Conversation conversation, string? system)
    {
        var messages = new JsonArray();
        if (system is not null)
        {
            messages.AddNode(Message("system", [system]));
        }

        foreach (Step step in conversation.Steps)
        {
            switch (step)
            {
                case Prompt prompt:
                    messages.AddNode(Message(prompt.IsSystem ? "system" : "user", prompt.Content));
                    break;
                case Answer answer:
                    messages.AddNode(Assistant(answer));
                    foreach (CallResult result in answer.Results)
                    {
                        JsonObject message = Message("tool", result.Content);
                        message["tool_name"] = result.Call.Name;
                        messages.AddNode(message);
                    }

                    break;
            }
        }

        return new JsonObject { ["messages"] = messages };
    }

    public override void AddTools(JsonObject request, IReadOnlyList<RequestTool> tools, Conversation conversation) =>
        request["tools"] = new JsonArray([.. tools.Select(tool => tool.ToFunction(withStrict: false))]);

    public override void ReadMessage(JsonElement message, RequestReader reader)
    {
        IInputContent[] content =
        [
            .. RequestReader.ReadText(message.Text("content")),
            .. message.Items("images").SelectMany(
                image => reader.ReadImage(new RequestImage(MediaTypeOf(image.GetString() ?? ""), image.GetString(), null))),
        ];
        switch (message.Text("role"))
        {
            case "assistant":
                AddMessages(reader.BeginAnswer(), [message]);
                break;
            case "tool":
                reader.AddResult(message.Text("tool_call_id"), message.Text("tool_name") ?? message.Text("name"), content, isError: false);
                break;
            case "user":
                reader.AddUser(content);
                break;
            case "system" when reader.HasMessages:
                reader.AddUser(content, isSystem: true);
                break;
            case var role:
                reader.LeftOut($"message of the {role}");
                break;
        }
    }

    /// <summary>What base64 text holds, by how it begins.</summary>
    private static string MediaTypeOf(string base64) =>
        base64.StartsWith("/9j/", StringComparison.Ordinal) ? "image/jpeg"
            : base64.StartsWith("R0lG", StringComparison.Ordinal) ? "image/gif"
            : base64.StartsWith("UklG", StringComparison.Ordinal) ? "image/webp"
            : "image/png";

    private static JsonObject Message(string role, IEnumerable<string> texts) => new() { ["role"] = role, ["content"] = Join(texts) };

    private static JsonObject Message(string role, IReadOnlyList<IInputContent> content)
    {
        JsonObject message = Message(role, Texts(content));
        if (content.OfType<ImageContent>().Select(image => RequestImage.Of(image).Base64).ToArray() is { Length: > 0 } images)
        {
            message["images"] = new JsonArray([.. images]);
        }

        return message;
    }

    private static JsonObject Assistant(Answer answer)
    {
        JsonObject message = Message("assistant", answer.Content.Select(block => block switch
        {
            TextContent text => text.Text,
            OpaqueContent opaque => opaque.StandIn,
            _ => "",
        }).Where(text => text.Length > 0));
        if (Join(answer.Content.OfType<ThinkingContent>().Select(block => block.Thinking)) is { Length: > 0 } thinking)
        {
            message["thinking"] = thinking;
        }

        if (answer.Results.Length > 0)
        {
            message["tool_calls"] = new JsonArray([.. answer.Results.Select(result => new JsonObject
            {
                ["function"] = new JsonObject { ["name"] = result.Call.Name, ["arguments"] = Arguments(result.Call) },
            })]);
        }

        return message;
    }
}
