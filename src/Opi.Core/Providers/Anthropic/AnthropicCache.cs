using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Marks what Anthropic is to cache: the system's text and the last block of the user's last message. A mark is found again at most 20
/// blocks further on, so that a long turn has one more on its way. A request may have four; one is left for the tools.
/// </summary>
internal static class AnthropicCache
{
    /// <summary>How many blocks lie between two marks.</summary>
    private const int Step = 15;

    private const string Name = "cache_control";

    private static readonly string[] Markable =
    [
        "text", "image", "document", "tool_use", "tool_result", "search_result", "compaction", "server_tool_use", "web_search_tool_result",
        "web_fetch_tool_result", "code_execution_tool_result", "bash_code_execution_tool_result", "text_editor_code_execution_tool_result",
        "tool_search_tool_result", "mcp_tool_use", "mcp_tool_result",
    ];

    public static void Mark(JsonObject request)
    {
        if (request["system"] is JsonValue text)
        {
            request["system"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = (string?)text, [Name] = Ephemeral() });
        }

        (JsonObject Block, bool IsUser)[] blocks =
        [
            .. ((JsonArray)request["messages"]!).OfType<JsonObject>().SelectMany(message =>
                ((JsonArray)message["content"]!).OfType<JsonObject>().Select(block => (block, (string?)message["role"] == "user"))),
        ];
        int last = Array.FindLastIndex(blocks, item => item.IsUser && IsMarkable(item.Block));
        if (last < 0)
        {
            return;
        }

        blocks[last].Block[Name] = Ephemeral();
        if (last >= Step && Array.FindLastIndex(blocks, last - Step, item => IsMarkable(item.Block)) is >= 0 and var before)
        {
            blocks[before].Block[Name] = Ephemeral();
        }
    }

    /// <summary>Marks the last tool: a system text that changes leaves the tools before it in the cache.</summary>
    public static void MarkLast(JsonArray tools) => ((JsonObject)tools[^1]!)[Name] = Ephemeral();

    private static bool IsMarkable(JsonObject block) => block.TextOf("type") is { } type && Markable.Contains(type);

    private static JsonObject Ephemeral() => new() { ["type"] = "ephemeral" };
}
