using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>Writes an answer and its results as items of a request.</summary>
internal static class ResponsesAnswer
{
    /// <summary>Items that replace what was before them, and belong to no reasoning.</summary>
    private static readonly string[] Lasting = ["compaction", "compaction_summary", "configuration_update"];

    /// <summary>The text before the parts of a result that its item has no place for.</summary>
    private const string More = "More of the tool results above:";

    /// <param name="answer">The answer.</param>
    /// <param name="hasAllThinking">Whether no thinking of it is missing, so that it, ids and items of the provider's own may go along.</param>
    public static IEnumerable<JsonNode> Write(Answer answer, bool hasAllThinking)
    {
        var items = new List<JsonNode>();
        foreach (IAssistantContent block in answer.ContentBeforeLastThinking)
        {
            switch (block)
            {
                case TextContent text:
                    AddText(items, text, hasAllThinking);
                    break;
                case ThinkingContent thinking when hasAllThinking:
                    items.Add(Reasoning(thinking));
                    break;
                case ToolCallContent call:
                    items.Add(Call(call, answer.Results.First(result => result.Call == call), hasAllThinking));
                    break;
                case OpaqueContent opaque:
                    AddOpaque(items, opaque, hasAllThinking);
                    break;
            }
        }

        foreach (CallResult result in answer.Results)
        {
            items.Add(Output(result));
        }

        if (answer.Results.SelectMany(ResponsesResult.Rest).ToArray() is { Length: > 0 } rest)
        {
            items.Add(new JsonObject { ["role"] = "user", ["content"] = ResponsesInput.Content([new TextContent(More), .. rest]) });
        }

        return items;
    }

    /// <summary>A message. What was one message with several parts is one again.</summary>
    private static void AddText(List<JsonNode> items, TextContent text, bool withIds)
    {
        JsonElement data = ProviderJson.Read(text.ProviderData);
        if (!withIds || data.Text("id") is null)
        {
            if (!string.IsNullOrWhiteSpace(text.Text))
            {
                var plain = new JsonObject { ["role"] = "assistant", ["content"] = text.Text };
                if (data.Get("phase") is { } phase)
                {
                    plain["phase"] = ProviderJson.Node(phase);
                }

                items.Add(plain);
            }

            return;
        }

        bool isRefusal = data.Object("part")?.Is("type", "refusal") == true;
        var part = new JsonObject { ["type"] = isRefusal ? "refusal" : "output_text", [isRefusal ? "refusal" : "text"] = text.Text };
        ProviderJson.Merge(part, data.Object("part") ?? default, "type");
        AddPart(items, data, part);
    }

    private static void AddPart(List<JsonNode> items, JsonElement message, JsonNode? part)
    {
        if (items is [.., JsonObject last] && last["content"] is JsonArray parts && last["id"] is JsonValue id
            && id.TryGetValue(out string? known) && known == message.Text("id"))
        {
            parts.Add(part);
            return;
        }

        var written = new JsonObject { ["type"] = "message", ["role"] = "assistant", ["content"] = new JsonArray(part) };
        ProviderJson.Merge(written, message, "type", "role", "content", "part", "status");
        items.Add(written);
    }

    private static JsonObject Reasoning(ThinkingContent thinking)
    {
        JsonElement data = ProviderJson.Read(thinking.ProviderData is { Shape: ResponsesItem.DataName } own ? own : null);
        var item = new JsonObject { ["type"] = "reasoning" };
        if (thinking.Id is { } id)
        {
            item["id"] = id;
        }

        item["summary"] = thinking.Thinking.Length == 0
            ? []
            : new JsonArray(new JsonObject { ["type"] = "summary_text", ["text"] = thinking.Thinking });
        if (thinking.EncryptedContent is { } encrypted)
        {
            item["encrypted_content"] = encrypted;
        }

        ProviderJson.Merge(item, data);
        return item;
    }

    private static JsonObject Call(ToolCallContent call, CallResult result, bool withIds)
    {
        JsonElement data = ProviderJson.Read(call.ProviderData);
        if (ResponsesClientCall.Of(data) is { } kind && ResponsesResult.CanAnswer(kind, result))
        {
            var whole = new JsonObject();
            ProviderJson.Merge(whole, data, withIds || kind.Item is "local_shell_call" or "computer_call" or "mcp_approval_request" ? [] : ["id"]);
            whole[kind.Item == "mcp_approval_request" ? "id" : "call_id"] = call.Id;
            return whole;
        }

        bool isCustom = IsCustom(call);
        JsonObject item = isCustom
            ? new JsonObject
            {
                ["type"] = "custom_tool_call",
                ["call_id"] = call.Id,
                ["name"] = call.Name,
                ["input"] = ReplyJson.TryParse(call.Arguments)?.Text("input") ?? "",
            }
            : new JsonObject
            {
                ["type"] = "function_call",
                ["call_id"] = call.Id,
                ["name"] = call.Name,
                ["arguments"] = ProviderShape.ArgumentsText(call),
            };
        if (isCustom || data.Get("type") is null)
        {
            ProviderJson.Merge(item, data, withIds ? ["type"] : ["type", "id"]);
        }

        return item;
    }

    private static bool IsCustom(ToolCallContent call) => ProviderJson.Read(call.ProviderData).Is("type", "custom_tool_call");

    private static JsonObject Output(CallResult result)
    {
        JsonElement data = ProviderJson.Read(result.Call.ProviderData);
        return ResponsesClientCall.Of(data) is { } kind && ResponsesResult.CanAnswer(kind, result)
            ? ResponsesResult.Write(kind, result)
            : new JsonObject
            {
                ["type"] = IsCustom(result.Call) ? "custom_tool_call_output" : "function_call_output",
                ["call_id"] = result.Call.Id,
                ["output"] = ResponsesInput.Content(result.Content),
            };
    }

    private static void AddOpaque(List<JsonNode> items, OpaqueContent opaque, bool hasAllThinking)
    {
        JsonElement data = ProviderJson.Read(opaque.Data);
        if (data.Is("type", "message") && hasAllThinking && data.Text("id") is not null)
        {
            AddPart(items, data, ProviderJson.Node(data.Items("content").First()));
        }
        else if ((hasAllThinking || Lasting.Contains(opaque.Kind)) && opaque.Kind != "reasoning" && !data.Is("type", "message"))
        {
            items.Add(ProviderJson.Node(data)!);
        }
        else if (opaque.StandIn.Length > 0)
        {
            items.Add(new JsonObject { ["role"] = "assistant", ["content"] = opaque.StandIn });
        }
    }
}
