using System.Text.Json;

namespace Opi;

/// <summary>What other providers get instead of a step of the Interactions API, or of content that is not text.</summary>
internal static class InteractionsStandIn
{
    /// <summary>The text; empty for what means nothing to others.</summary>
    public static string Of(string kind, JsonElement value) => kind switch
    {
        "code_execution_call" => Code(value.Get("arguments") ?? default),
        "code_execution_result" => StandIn.Of("code run", StandIn.First(value, "result")),
        "google_search_call" or "retrieval_call" or "google_maps_call" =>
            StandIn.Of(kind[..^"_call".Length], Queries(value.Get("arguments") ?? default)),
        "url_context_call" => StandIn.Of("url_context", Listed(value.Get("arguments") ?? default, "urls")),
        "mcp_server_tool_call" => $"[mcp {value.Text("server_name")}/{value.Text("name")}]",
        "mcp_server_tool_result" => StandIn.Of($"mcp {value.Text("server_name")}/{value.Text("name")}", ResultOf(value)),
        InteractionsStep.Call => $"[{value.Text("name")}]",
        InteractionsStep.Result => StandIn.Of(value.Text("name") ?? "result", ResultOf(value)),
        "google_search_result" or "google_maps_result" or "retrieval_result" or "url_context_result" or "file_search_result"
            or "processing_call" or "processing_result" or InteractionsStep.Thought or InteractionsStep.Output => "",
        "file_search_call" => "[file_search]",
        "image" or "audio" or "video" or "document" => Media(kind, value),
        _ => $"[{kind}]",
    };

    private static string Media(string kind, JsonElement value) =>
        value.Get("data") is null && value.Text("uri") is { } uri ? $"[file {uri}]"
            : StandIn.Of(kind == "document" ? "file" : kind, value.Text("mime_type"));

    private static string Code(JsonElement arguments)
    {
        string language = arguments.Text("language") is { Length: > 0 } name && char.IsAsciiLetter(name[0]) ? name.ToLowerInvariant() : "";
        return $"```{language}\n{arguments.Text("code")}\n```";
    }

    private static string? Queries(JsonElement arguments) => StandIn.First(arguments, "query") ?? Listed(arguments, "queries");

    private static string Listed(JsonElement arguments, string name) => string.Join("; ", StandIn.Texts(arguments.Get(name)).Split('\n'));

    private static string? ResultOf(JsonElement value) => value.Get("result") switch
    {
        { ValueKind: JsonValueKind.Object } made => ReplyJson.Compact(made),
        var other => StandIn.Texts(other),
    };
}
