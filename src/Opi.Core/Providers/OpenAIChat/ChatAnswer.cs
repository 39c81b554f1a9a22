using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>Writes an answer and its results as messages of a request.</summary>
internal static class ChatAnswer
{
    /// <summary>The answer; null when nothing of it can be sent.</summary>
    public static JsonObject? Write(Answer answer, ChatServer server, TimeProvider time)
    {
        JsonElement beside = Beside(answer);
        JsonNode? audio = Audio(answer, time);
        JsonArray images = Images(answer, server);
        var message = new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = audio is not null ? null : server.Thinking == ChatThinking.Parts ? Parts(answer) : Text(answer, server),
        };
        AddThinking(message, answer, server, beside);
        AddBeside(message, answer, server, beside);
        if (audio is not null)
        {
            message["audio"] = audio;
        }

        if (images.Count > 0)
        {
            message["images"] = images;
            message["content"] ??= "";
        }

        CallResult[] calls = [.. answer.Results];
        if (calls is [var only] && IsOld(only.Call))
        {
            message["function_call"] = new JsonObject { ["name"] = only.Call.Name, ["arguments"] = ProviderShape.ArgumentsText(only.Call) };
        }
        else if (calls.Length > 0)
        {
            message["tool_calls"] = new JsonArray([.. calls.Select(result => Call(result.Call, answer.IsSameModel))]);
        }

        return message["content"] is null && audio is null && calls.Length == 0 ? null : message;
    }

    public static JsonObject Result(CallResult result, bool isOnly) => isOnly && IsOld(result.Call)
        ? new JsonObject { ["role"] = "function", ["name"] = result.Call.Name, ["content"] = ProviderShape.Join(result.Texts) }
        : new JsonObject { ["role"] = "tool", ["tool_call_id"] = result.Call.Id, ["content"] = ProviderShape.Join(result.Texts) };

    private static JsonElement Beside(Answer answer) =>
        ProviderJson.Read(answer.IsOwn && answer.Message.ProviderData is { Shape: ChatMessage.DataName } data ? data : null);

    private static bool IsOld(ToolCallContent call) => ProviderJson.Read(call.ProviderData).Get("function_call") is not null;

    /// <summary>The spoken answer by its id, until it expires; null where its words are sent.</summary>
    private static JsonObject? Audio(Answer answer, TimeProvider time)
    {
        foreach (TextContent text in answer.Content.OfType<TextContent>())
        {
            if (ProviderJson.Read(text.ProviderData).Object("audio") is { } audio && audio.Text("id") is { } id
                && audio.Count("expires_at") is { } expires && expires > time.GetUtcNow().ToUnixTimeSeconds())
            {
                return new JsonObject { ["id"] = id };
            }
        }

        return null;
    }

    private static JsonArray Images(Answer answer, ChatServer server) =>
        [.. answer.Content.OfType<OpaqueContent>().Where(block => block.Kind == "image" && server.TakesImagesBack).Select(block => Raw(block))];

    private static JsonNode? Raw(OpaqueContent block) => ProviderJson.Node(ProviderJson.Read(block.Data));

    private static string? Text(Answer answer, ChatServer server)
    {
        string text = ProviderShape.Join(answer.Content.Select(block => block switch
        {
            TextContent one => one.Text,
            OpaqueContent { Kind: "image" } when server.TakesImagesBack => "",
            OpaqueContent opaque => opaque.StandIn,
            _ => "",
        }).Where(one => one.Length > 0));
        return text.Length > 0 ? text : null;
    }

    /// <summary>The content as Mistral gives it: one text, or a list where there is thinking or a part of another kind.</summary>
    private static JsonNode? Parts(Answer answer)
    {
        IAssistantContent[] blocks = [.. answer.Content.Where(block => block is not ToolCallContent)];
        if (blocks.All(block => block is TextContent))
        {
            return ProviderShape.Join(blocks.Select(block => ((TextContent)block).Text)) is { Length: > 0 } text ? text : null;
        }

        var parts = new JsonArray();
        foreach (IAssistantContent block in blocks)
        {
            switch (block)
            {
                case ThinkingContent thinking:
                    var part = new JsonObject
                    {
                        ["type"] = "thinking",
                        ["thinking"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = thinking.Thinking }),
                    };
                    if (thinking.ProviderData is { Shape: ChatMessage.DataName } data)
                    {
                        ProviderJson.Merge(part, ProviderJson.Read(data));
                    }

                    parts.AddNode(part);
                    break;
                case OpaqueContent { Kind: "reference" or "image_url" or "document_url" } opaque:
                    parts.Add(Raw(opaque));
                    break;
                case TextContent { Text.Length: > 0 } or OpaqueContent { StandIn.Length: > 0 }:
                    string words = block is TextContent text ? text.Text : ((OpaqueContent)block).StandIn;
                    parts.AddNode(new JsonObject { ["type"] = "text", ["text"] = words });
                    break;
            }
        }

        return parts.Count > 0 ? parts : null;
    }

    private static void AddThinking(JsonObject message, Answer answer, ChatServer server, JsonElement beside)
    {
        string thinking = ProviderShape.Join(answer.Content.OfType<ThinkingContent>().Select(block => block.Thinking).Where(text => text.Length > 0));
        switch (server.Thinking)
        {
            case ChatThinking.TextWithCalls when answer.Results.Length > 0:
                message["reasoning_content"] = thinking;
                break;
            case ChatThinking.Text when thinking.Length > 0:
                message["reasoning_content"] = thinking;
                break;
            case ChatThinking.Details when answer.IsSameModel && beside.Get("reasoning_details") is { } details:
                message["reasoning_details"] = ProviderJson.Node(details);
                break;
            case ChatThinking.Details when thinking.Length > 0:
                message["reasoning"] = thinking;
                break;
        }
    }

    private static void AddBeside(JsonObject message, Answer answer, ChatServer server, JsonElement beside)
    {
        if (answer.IsSameModel && beside.Get("thought_signature") is { } signature)
        {
            message["thought_signature"] = ProviderJson.Node(signature);
        }

        JsonElement[] files = [.. beside.Items("annotations").Where(annotation => annotation.Is("type", "file"))];
        if (server.TakesFilesBack && files.Length > 0)
        {
            message["annotations"] = new JsonArray([.. files.Select(ProviderJson.Node)]);
        }
    }

    private static JsonObject Call(ToolCallContent call, bool isSameModel)
    {
        JsonElement beside = ProviderJson.Read(call.ProviderData);
        JsonObject written = beside.Get("custom") is not null && ReplyJson.TryParse(call.Arguments) is { } input
            ? new JsonObject
            {
                ["id"] = call.Id,
                ["type"] = "custom",
                ["custom"] = new JsonObject { ["name"] = call.Name, ["input"] = input.Text("input") ?? "" },
            }
            : new JsonObject
            {
                ["id"] = call.Id,
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = ProviderShape.ArgumentsText(call) },
            };
        if (isSameModel)
        {
            ProviderJson.Merge(written, beside, "custom", "function_call");
        }

        return written;
    }
}
