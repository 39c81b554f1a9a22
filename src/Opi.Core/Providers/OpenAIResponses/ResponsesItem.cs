using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>Reads an item of an answer: of a reply, or of a request. What it is not known to be is kept whole.</summary>
internal static class ResponsesItem
{
    public const string DataName = "openai-responses";

    /// <summary>What kinds of items become, and what goes back of them.</summary>
    public static readonly IReadOnlyList<BlockKind> Kinds =
    [
        new("message: output_text", "text, with id, phase and annotations", "as it came", "text"),
        new("message: refusal", "text, with id and phase", "as it came", "text"),
        new("message: any other part", "opaque", "as it came", "`[type]`"),
        new("reasoning", "thinking, encrypted content", "as it came, to the same model, before the item that it led to", "left out"),
        new("function_call", "call, with id, namespace and caller", "as it came", "call"),
        new("custom_tool_call", "call; its input is the argument input", "as it came", "call"),
        new("local_shell_call", "call local_shell", "as it came; its result as local_shell_call_output", "call"),
        new("shell_call (local)", "call shell", "as it came; its result as shell_call_output", "call"),
        new("apply_patch_call", "call apply_patch", "as it came; its result as apply_patch_call_output", "call"),
        new("computer_call", "call computer", "as it came; its result as computer_call_output", "call"),
        new("mcp_approval_request", "call mcp_approval_request", "as it came; its result as mcp_approval_response", "call"),
        new("tool_search_call (client)", "call tool_search", "as it came; its result as tool_search_output", "call"),
        new("tool_search_call (server), tool_search_output", "opaque", "as it came", "left out"),
        new("web_search_call", "opaque", "as it came", "`[web_search: query]`"),
        new("file_search_call", "opaque", "as it came", "`[file_search: queries]`"),
        new("code_interpreter_call", "opaque", "as it came", "`[code: code output: logs]`"),
        new("shell_call (container)", "opaque", "as it came", "`[code: commands]`"),
        new("shell_call_output", "opaque", "as it came", "`[output: stdout]`"),
        new("image_generation_call", "opaque", "as it came", "`[image: type]`"),
        new("mcp_call", "opaque", "as it came", "`[mcp server/tool: output]`"),
        new("mcp_list_tools", "opaque", "as it came", "`[mcp_list_tools: server]`"),
        new("x_search_call", "opaque", "as it came", "`[x_search]`"),
        new("compaction, configuration_update, program, program_output, additional_tools", "opaque", "as it came", "left out"),
        new("output of /responses/compact", "opaque, as one block", "as it came, in place of everything before it", "left out"),
        new("any other item", "opaque", "as it came", "`[type]`"),
    ];

    /// <summary>Adds an item of an answer; in a request a message needs no type, and its content may be a text.</summary>
    public static void Add(Reply result, JsonElement item)
    {
        switch (item.Text("type") ?? (item.Get("role") is not null ? "message" : null))
        {
            case "message":
                AddMessage(result, item);
                break;
            case "reasoning":
                AddReasoning(result, item);
                break;
            case "function_call":
                result.AddCall(
                    item.Text("call_id") ?? item.Text("id"),
                    item.Text("name"),
                    ReplyJson.Arguments(item.Get("arguments")),
                    data: Data(ProviderJson.Except(item, "type", "call_id", "name", "arguments", "status")));
                break;
            case "custom_tool_call":
                // Its input is free text; arguments are JSON.
                result.AddCall(
                    item.Text("call_id") ?? item.Text("id"),
                    item.Text("name"),
                    new JsonObject { ["input"] = item.Text("input") }.ToJsonString(),
                    data: Data(ProviderJson.Except(item, "call_id", "name", "input", "status")));
                break;
            case var type when ResponsesClientCall.Of(item) is { } client:
                result.AddCall(ResponsesClientCall.IdOf(item), client.Name, client.ArgumentsOf(item), data: Whole(item));
                break;
            case var type:
                result.AddOpaque(type ?? "item", ResponsesStandIn.Of(item), Whole(item));
                break;
        }
    }

    public static ProviderData Whole(JsonElement value) => new(DataName, value.GetRawText());

    private static void AddMessage(Reply result, JsonElement item)
    {
        JsonObject beside = ProviderJson.Except(item, "type", "role", "content", "status");
        foreach (JsonElement part in item.Items("content"))
        {
            if (part.ValueKind == JsonValueKind.String)
            {
                result.AddText(part.GetString(), Data(beside));
            }
            else if (part.Text("type") is "output_text" or "text" or "input_text" or null)
            {
                AddText(part.Text("text"), ProviderJson.Except(part, "type", "text", "logprobs"));
            }
            else if (part.Is("type", "refusal"))
            {
                AddText(part.Text("refusal"), new JsonObject { ["type"] = "refusal" });
            }
            else
            {
                var message = new JsonObject { ["type"] = "message" };
                ProviderJson.Merge(message, item, "type", "content");
                message["content"] = new JsonArray(ProviderJson.Node(part));
                result.AddOpaque(part.Text("type")!, $"[{part.Text("type")}]", Data(message)!);
            }

            if (part.ValueKind == JsonValueKind.Object && part.Items("logprobs").Any())
            {
                result.NotKept("logprobs");
            }
        }

        void AddText(string? text, JsonObject part)
        {
            JsonObject members = beside.DeepClone().AsObject();
            if (part.Count > 0)
            {
                members["part"] = part;
            }

            result.AddText(text, Data(members));
        }
    }

    /// <summary>
    /// Thinking with a text, or an encrypted one. Where its lists are not one plain summary they are kept, so that it goes back as it came.
    /// </summary>
    private static void AddReasoning(Reply result, JsonElement item)
    {
        JsonElement[] content = [.. item.Items("content")];
        JsonElement[] summary = [.. item.Items("summary")];
        string text = string.Join("\n\n", (content.Length > 0 ? content : summary).Select(piece => piece.Text("text")));
        JsonObject beside = ProviderJson.Except(item, "type", "id", "summary", "content", "encrypted_content", "status");
        if (content.Length > 0 || summary.Length > 1)
        {
            beside["summary"] = ProviderJson.Node(item.Get("summary") ?? SerdeJson.Parse("[]"u8));
        }

        if (content.Length > 0)
        {
            beside["content"] = ProviderJson.Node(item.Get("content")!.Value);
        }

        if (text.Length == 0 && string.IsNullOrEmpty(item.Text("encrypted_content")))
        {
            if (item.Text("id") is { Length: > 0 })
            {
                result.AddOpaque("reasoning", "", Whole(item)); // only its id: the provider stored it
            }

            return;
        }

        result.AddThinking(text, encryptedContent: item.Text("encrypted_content"), id: item.Text("id"), data: Data(beside));
    }

    private static ProviderData? Data(JsonObject members) => ProviderJson.Data(DataName, members);
}
