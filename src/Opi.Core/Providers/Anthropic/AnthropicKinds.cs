namespace Opi;

/// <summary>What becomes of each kind of Anthropic's blocks.</summary>
internal static class AnthropicKinds
{
    private const string Opaque = "opaque";
    private const string AsItCame = "as it came";
    private const string Paired = "as it came, with its other half; a half alone as text";
    private const string Nothing = "nothing";

    public static readonly IReadOnlyList<BlockKind> All =
    [
        new("text", "text", "with its citations", "the text"),
        new("thinking", "thinking", "unchanged, to the model that made it", Nothing),
        new("redacted_thinking", "thinking", "unchanged, to the model that made it", Nothing),
        new("tool_use", "call", "with its caller, its result first in the next message", "the call"),
        new("tool_result", "result", "as it came; of one that failed images and documents follow the results", "the result"),
        new("server_tool_use", Opaque, Paired, "[web_search: query]"),
        new("web_search_tool_result", Opaque, Paired, "[search results: title url; ...]"),
        new("web_fetch_tool_result", Opaque, Paired, "[fetched url: text]"),
        new("code_execution_tool_result", Opaque, Paired, "[code run: output]"),
        new("bash_code_execution_tool_result", Opaque, Paired, "[code run: output]"),
        new("text_editor_code_execution_tool_result", Opaque, Paired, "[code run: output]"),
        new("tool_search_tool_result", Opaque, Paired, Nothing),
        new("advisor_tool_result", Opaque, Paired, "[advisor: text]"),
        new("mcp_tool_use", Opaque, Paired, "[mcp server/tool]"),
        new("mcp_tool_result", Opaque, Paired, "[mcp result: text]"),
        new("mcp_tool_listing", Opaque, AsItCame, Nothing),
        new("container_upload", Opaque, AsItCame, "[file: id]"),
        new("compaction", Opaque, AsItCame, "its summary"),
        new("fallback", Opaque, AsItCame, Nothing),
        new("tool_addition", Opaque, "in a message of the system's", Nothing),
        new("tool_removal", Opaque, "in a message of the system's", Nothing),
        new("search_result", Opaque, AsItCame, "[source: title url] and its text"),
        new("tool_reference", Opaque, "in the result of a tool", Nothing),
        new("image", "image", "base64 or an address", "the image"),
        new(
            "document",
            "document",
            "text, PDF or the address of one; with citations or a context, or of another source, as it came",
            "the text or [document: name]"),
        new("any other", Opaque, AsItCame, "[type]"),
        new("container", "data", "its id, until it expires", Nothing),
        new("stop_details, context_management and other members of a reply", "data", "no", Nothing),
        new("cache_control", "no", "where RequestOptions.Cache places it", Nothing),
    ];
}
