using System.Text.Json;

namespace Opi;

/// <summary>What other providers get instead of Bedrock's own blocks.</summary>
internal static class BedrockStandIn
{
    /// <summary>The text; empty for a block that means nothing to others.</summary>
    /// <param name="kind">The name of the block's only member.</param>
    /// <param name="data">What it holds.</param>
    public static string Of(string kind, JsonElement data) => kind switch
    {
        "toolUse" => StandIn.Of(
            data.Text("name") ?? "tool", StandIn.First(data.Get("input") ?? default, "query", "url", "code", "snippet", "command")),
        "toolResult" => StandIn.Of(ResultOf(data.Text("type")), OutputOf(data)),
        "image" => $"[image: image/{data.Text("format")}]",
        "audio" or "video" => StandIn.Of(kind, data.Text("format")),
        "document" => OfDocument(data),
        "searchResult" => OfSource(data),
        "guardContent" => StandIn.First(data.Get("text") ?? default, "text") ?? "[guardContent]",
        "cachePoint" or "toolAddition" or "toolRemoval" or "citationsContent" => "",
        _ => $"[{kind}]",
    };

    private static string ResultOf(string? type) =>
        type is null ? "tool result" : type.EndsWith("_result", StringComparison.Ordinal) ? type[..^"_result".Length] + " result" : type;

    private static string? OutputOf(JsonElement result)
    {
        string text = StandIn.Texts(result.Get("content"));
        return text.Length > 0 ? text
            : result.Items("content").Select(item => item.Get("json")).OfType<JsonElement>().Select(
                json => StandIn.First(json, "stdOut", "stdout", "stdErr") ?? ReplyJson.Compact(json)).FirstOrDefault();
    }

    private static string OfDocument(JsonElement document)
    {
        string label = StandIn.Of("document", document.Text("name") ?? document.Text("format"));
        JsonElement source = document.Get("source") ?? default;
        string? text = StandIn.First(source, "text") ?? StandIn.Texts(source.Get("content"));
        return string.IsNullOrEmpty(text) ? label : $"{label}\n{text}";
    }

    private static string OfSource(JsonElement block)
    {
        string label = $"[source: {StandIn.First(block, "title")} {StandIn.First(block, "source")}".TrimEnd() + "]";
        string text = StandIn.Texts(block.Get("content"));
        return text.Length > 0 ? $"{label}\n{text}" : label;
    }
}
