using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>Writes the result of a call of a special kind: a shell, a patch, a computer, an approval, a search of tools.</summary>
internal static class ResponsesResult
{
    private static readonly string[] Approving = ["approve", "approved", "true", "yes"];

    /// <summary>Whether a result can be of the kind: a computer answers with an image.</summary>
    public static bool CanAnswer(ResponsesClientCall kind, CallResult result) =>
        kind.Item != "computer_call" || result.Images.Any() || Given(kind, result) is not null;

    /// <summary>What of a result its item has no place for: a computer answers with one image, all others with words.</summary>
    public static IEnumerable<IInputContent> Rest(CallResult result)
    {
        if (ResponsesClientCall.Of(ProviderJson.Read(result.Call.ProviderData)) is not { } kind || !CanAnswer(kind, result)
            || Given(kind, result) is not null)
        {
            return [];
        }

        return kind.Item == "computer_call"
            ? result.Content.Where(block => !ReferenceEquals(block, result.Images.First()))
            : result.Content.Where(block => block is not TextContent);
    }

    public static JsonObject Write(ResponsesClientCall kind, CallResult result)
    {
        string text = ProviderShape.Join(result.Texts);
        var item = new JsonObject { ["type"] = kind.Output };
        item[kind.Item == "mcp_approval_request" ? "approval_request_id" : "call_id"] = result.Call.Id;
        if (Given(kind, result) is { } given)
        {
            ProviderJson.Merge(item, given, "type", "call_id", "approval_request_id");
            return item;
        }

        switch (kind.Item)
        {
            case "local_shell_call":
                item["id"] = result.Call.Id; // the API's reference names the call by this, its guide by call_id
                item["output"] = new JsonObject { ["output"] = text, ["exit_code"] = result.IsError ? 1 : 0 }.ToJsonString();
                break;
            case "shell_call":
                item["output"] = new JsonArray(new JsonObject
                {
                    ["stdout"] = text,
                    ["stderr"] = "",
                    ["outcome"] = new JsonObject { ["type"] = "exit", ["exit_code"] = result.IsError ? 1 : 0 },
                });
                if (ProviderJson.Read(result.Call.ProviderData).Get("action", "max_output_length") is { } longest)
                {
                    item["max_output_length"] = ProviderJson.Node(longest); // the model set it, and requires it back
                }

                break;
            case "apply_patch_call":
                item["status"] = result.IsError ? "failed" : "completed";
                item["output"] = text;
                break;
            case "computer_call":
                item["output"] = new JsonObject
                {
                    ["type"] = "computer_screenshot",
                    ["image_url"] = RequestImage.Of(result.Images.First()).AnyUrl,
                };
                break;
            case "mcp_approval_request":
                bool approves = !result.IsError && Approves(text);
                item["approve"] = approves;
                if (!approves && text.Length > 0)
                {
                    item["reason"] = text;
                }

                break;
            case "tool_search_call":
                item["execution"] = "client";
                item["tools"] = ReplyJson.TryParse(text) is { ValueKind: JsonValueKind.Array } tools ? ProviderJson.Node(tools) : new JsonArray();
                break;
        }

        return item;
    }

    /// <summary>The item itself, where the result came as one.</summary>
    private static JsonElement? Given(ResponsesClientCall kind, CallResult result) =>
        ProviderJson.Read(result.ProviderData) is var data && data.Is("type", kind.Output) ? data : null;

    /// <summary>Only a clear yes approves.</summary>
    private static bool Approves(string text) =>
        Approving.Contains(text.Trim().TrimEnd('.', '!'), StringComparer.OrdinalIgnoreCase)
        || ReplyJson.TryParse(text)?.Get("approve") is { ValueKind: JsonValueKind.True };
}
