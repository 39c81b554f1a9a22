using System.Text.Json;

namespace Opi;

/// <summary>The text that every other provider gets instead of an item that ran at OpenAI, or that only OpenAI reads.</summary>
internal static class ResponsesStandIn
{
    /// <summary>Items that mean nothing to others.</summary>
    private static readonly string[] Silent =
    [
        "reasoning", "compaction", "compaction_summary", "configuration_update", "program", "program_output", "additional_tools",
        "tool_search_call", "tool_search_output", "item_reference",
    ];

    public static string Of(JsonElement item)
    {
        string type = item.Text("type") ?? "item";
        return type switch
        {
            _ when Silent.Contains(type) => "",
            "web_search_call" => Named("web_search", Search(item.Object("action"))),
            "file_search_call" => Named("file_search", string.Join("; ", item.Items("queries").Select(Plain))),
            "image_generation_call" => $"[image: image/{item.Text("output_format") ?? "png"}]",
            "code_interpreter_call" => Code(item.Text("code"), item.Items("outputs").Select(output => output.Text("logs") ?? output.Text("type"))),
            "shell_call" => Code(string.Join("; ", (item.Object("action") ?? item).Items("commands").Select(Plain)), []),
            "shell_call_output" => Named("output", string.Join(' ', item.Items("output").Select(output => output.Text("stdout")))),
            "mcp_call" => Named($"mcp {item.Text("server_label")}/{item.Text("name")}", item.Text("error") ?? item.Text("output")),
            "mcp_list_tools" => Named("mcp_list_tools", item.Text("server_label")),
            "x_search_call" => "[x_search]",
            _ => $"[{type}]",
        };
    }

    private static string? Search(JsonElement? action) =>
        action?.Text("query") ?? (action?.Items("queries").Any() == true ? string.Join("; ", action.Value.Items("queries").Select(Plain)) : null)
            ?? action?.Text("pattern") ?? action?.Text("url");

    private static string Code(string? code, IEnumerable<string?> outputs)
    {
        string output = ProviderJson.Line(string.Join(' ', outputs));
        return $"[code: {ProviderJson.Line(code)}{(output.Length > 0 ? $" output: {output}" : "")}]";
    }

    private static string Named(string name, string? what) => ProviderJson.Line(what) is { Length: > 0 } line ? $"[{name}: {line}]" : $"[{name}]";

    private static string Plain(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
