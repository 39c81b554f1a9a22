using System.Text.Json;

namespace Opi;

/// <summary>What other providers get instead of Anthropic's own blocks.</summary>
internal static class AnthropicStandIn
{
    private const string CodeRun = "code run";

    /// <summary>The text; empty for a block that means nothing to others.</summary>
    public static string Of(JsonElement block)
    {
        string type = block.Text("type") ?? "";
        JsonElement content = block.Get("content") ?? default;
        return type switch
        {
            "server_tool_use" => OfCall(block.Text("name") ?? type, block.Get("input") ?? default),
            "web_search_tool_result" => OfSearch(content),
            "web_fetch_tool_result" => OfFetch(content),
            "code_execution_tool_result" or "bash_code_execution_tool_result" or "text_editor_code_execution_tool_result" =>
                StandIn.Of(CodeRun, StandIn.First(content, "stdout", "content", "stderr", "error_code") ?? LinesOf(content)),
            "advisor_tool_result" => StandIn.Of("advisor", StandIn.First(content, "text", "content", "error_code")),
            "mcp_tool_use" => $"[mcp {block.Text("server_name")}/{block.Text("name")}]",
            "mcp_tool_result" => StandIn.Of("mcp result", StandIn.Texts(block.Get("content"))),
            "container_upload" => StandIn.Of("file", block.Text("file_id")),
            "compaction" => StandIn.First(block, "content") ?? "",
            "search_result" => OfSource(block),
            "document" => OfDocument(block),
            "image" => StandIn.Of("image", StandIn.First(block.Get("source") ?? default, "url", "file_id", "media_type")),
            "tool_search_tool_result" or "mcp_tool_listing" or "fallback" or "tool_addition" or "tool_removal" or "tool_reference" => "",
            _ => $"[{type}]",
        };
    }

    private static string OfCall(string name, JsonElement input) =>
        name.StartsWith("tool_search", StringComparison.Ordinal) || name == "advisor" ? ""
            : StandIn.Of(name, StandIn.First(input, "query", "url", "code", "path") is not { } first ? StandIn.First(input, "command")
                : StandIn.First(input, "command") is { } command ? $"{command} {first}"
                : first);

    private static string OfSearch(JsonElement content) =>
        StandIn.First(content, "error_code") is { } error
            ? StandIn.Of("search failed", error)
            : StandIn.Of("search results", string.Join("; ", ((JsonElement?)content).Items().Select(
                result => $"{StandIn.First(result, "title")} {StandIn.First(result, "url")}".Trim()).Where(text => text.Length > 0)));

    private static string OfFetch(JsonElement content)
    {
        if (StandIn.First(content, "error_code") is { } error)
        {
            return StandIn.Of("fetch failed", error);
        }

        string? text = StandIn.First(content.Get("content", "source") ?? default, "data");
        bool isText = content.Get("content", "source")?.Is("type", "text") == true;
        return isText ? StandIn.Of($"fetched {StandIn.First(content, "url")}", text) : $"[fetched {StandIn.First(content, "url")}]";
    }

    /// <summary>The texts of a source that the model can cite, all of them: they are what the user gave.</summary>
    private static string OfSource(JsonElement block)
    {
        string label = $"[source: {StandIn.First(block, "title")} {StandIn.First(block, "source")}".TrimEnd() + "]";
        string text = StandIn.Texts(block.Get("content"));
        return text.Length > 0 ? $"{label}\n{text}" : label;
    }

    private static string OfDocument(JsonElement block)
    {
        JsonElement source = block.Get("source") ?? default;
        string label = StandIn.Of("document", StandIn.First(block, "title") ?? StandIn.First(source, "url", "file_id", "media_type"));
        string? text = source.Is("type", "text") ? StandIn.First(source, "data") : StandIn.Texts(source.Get("content"));
        return string.IsNullOrEmpty(text) ? label : $"{label}\n{text}";
    }

    private static string? LinesOf(JsonElement content) =>
        content.Get("lines") is { ValueKind: JsonValueKind.Array } lines ? StandIn.Texts(lines) : null;
}
