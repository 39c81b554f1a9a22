using System.Text.Json;

namespace Opi;

/// <summary>What other providers get instead of Gemini's own parts.</summary>
internal static class GeminiStandIn
{
    /// <summary>The text; empty for a part that means nothing to others.</summary>
    public static string Of(string kind, JsonElement data) => kind switch
    {
        "toolCall" => StandIn.Of(
            (data.Text("toolType") ?? "tool").ToLowerInvariant(),
            StandIn.First(data.Get("args") ?? default, "query", "url") ?? StandIn.Texts(data.Get("args")?.Get("queries"))),
        "toolResponse" => "",
        "executableCode" => $"```{(data.Text("language") is { } language && char.IsAsciiLetter(language[0]) ? language.ToLowerInvariant() : "")}\n"
            + $"{data.Text("code")}\n```",
        "codeExecutionResult" => StandIn.Of("code run", StandIn.First(data, "output") ?? data.Text("outcome")),
        "inlineData" => OfMedia(data.Text("mimeType")),
        "fileData" => $"[file {data.Text("fileUri")}]",
        _ => $"[{kind}]",
    };

    private static string OfMedia(string? type)
    {
        string media = type?.Split('/')[0] ?? "";
        return $"[{(media is "image" or "audio" or "video" ? media : "file")}: {type}]";
    }
}
