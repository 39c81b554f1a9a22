using System.Text.Json;

namespace Opi.ProviderStub;

/// <summary>generateContent, by its published reference.</summary>
public static class GeminiRules
{
    private const string Name = "^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$";
    private static readonly string[] MediaTypes = ["image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"];
    private static readonly string[] Data =
        ["text", "inlineData", "fileData", "functionCall", "functionResponse", "toolCall", "toolResponse", "executableCode", "codeExecutionResult"];

    /// <summary>What may stand in place of a signature that another model cannot have made.</summary>
    private const string NoSignature = "skip_thought_signature_validator";

    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<Rule> All =
    [
        new("contents are required", request => request.RequireList("contents")),
        new("systemInstruction has parts of text", request => request.Get("systemInstruction") is not { } system ? []
            : [.. system.RequireList("parts", "systemInstruction."), .. system.Each("parts", "systemInstruction").Where(part => Json.IsBlank(part.Item.Text("text"))).Select(part => $"{part.At}: expected text")]),
        new("contents have a role and parts and nothing else", request => request.Each("contents").SelectMany(content =>
            (string[])[.. content.Item.OnlyMembers(content.At, "role", "parts"), .. content.Item.RequireList("parts", content.At + ".")])),
        new("the first content is the user's; roles alternate", request => request.Alternate("contents", "model")),
        new("each part has one kind of data", request => request.Each("contents").SelectMany(content => content.Item.Each("parts", content.At).SelectMany(part =>
            Part(part.Item, part.At, content.Item.Text("role") == "model")))),
        new("as many functionResponse parts as functionCall parts in the content before, of the same names", Pairs),
        new("what tools of the server did stands in pairs", request => Json.PairServerTools(
            [.. request.Each("contents").Select(content => (content.At, content.Item.Text("role") == "model", content.Item.List("parts")))],
            part => part.Get("toolCall")?.Text("id"),
            part => part.Get("toolResponse")?.Text("id"),
            part => part.Get("functionCall") is not null)),
        new("tools have declarations with names", request => request.Each("tools").SelectMany(tool => (string[])
        [
            .. tool.Item.RequireList("functionDeclarations", tool.At + "."),
            .. tool.Item.Each("functionDeclarations", tool.At).SelectMany(function => function.Item.RequireMatch("name", Name, function.At)),
        ])),
    ];

    private static IEnumerable<string> Pairs(JsonElement request)
    {
        string[] open = [];
        foreach ((JsonElement content, string at) in request.Each("contents").Append((default, "the end")))
        {
            string[] answered = Names(content, "functionResponse");
            if (!open.SequenceEqual(answered))
            {
                yield return $"{at}: the function response parts ({string.Join(", ", answered)}) are not those of the function call turn before ({string.Join(", ", open)})";
            }

            open = Names(content, "functionCall");
        }
    }

    private static bool IsMedia(string? type) =>
        type is not null && (type == "application/pdf" || type.Split('/')[0] is "text" or "audio" or "video");

    private static string[] Names(JsonElement content, string kind) =>
        [.. content.List("parts").Select(part => part.Get(kind)).OfType<JsonElement>().Select(call => call.Text("name") ?? "")];

    private static IEnumerable<string> Part(JsonElement part, string at, bool model)
    {
        string[] kinds = [.. Data.Where(name => part.Get(name) is not null)];
        if (kinds.Length != 1)
        {
            return [$"{at}: required oneof field 'data' must have one initialized field, found {kinds.Length}"];
        }

        JsonElement data = part.Get(kinds[0])!.Value;
        return
        [
            .. part.OnlyMembers(at, [kinds[0], "thought", "thoughtSignature", "videoMetadata", "partMetadata", "mediaResolution"]),
            .. part.Get("thoughtSignature") is null || part.Text("thoughtSignature") == NoSignature || Json.IsBase64(part.Text("thoughtSignature")) ? Array.Empty<string>() : [$"{at}.thoughtSignature: Base64 decoding failed"],
            .. (kinds[0], model) switch
            {
                ("text", _) => Json.IsBlank(part.Text("text")) && part.Get("thoughtSignature") is null ? [$"{at}.text: must not be empty"] : [],
                ("inlineData" or "fileData", false) when IsMedia(data.Text("mimeType")) => [],
                ("inlineData" or "fileData", true) => data.RequireText("mimeType", at + "."),
                ("toolCall" or "toolResponse", true) => [.. data.RequireText("id", at + "."), .. data.RequireText("toolType", at + ".")],
                ("executableCode", true) => data.RequireText("code", at + "."),
                ("codeExecutionResult", true) => data.RequireText("outcome", at + "."),
                ("inlineData", false) => MediaTypes.Contains(data.Text("mimeType")) && Json.IsBase64(data.Text("data")) ? [] : [$"{at}.inlineData: Unsupported MIME type or data: {data.Text("mimeType")}"],
                ("fileData", false) => MediaTypes.Contains(data.Text("mimeType")) && !Json.IsBlank(data.Text("fileUri")) ? [] : [$"{at}.fileData: Unsupported MIME type or URI: {data.Text("mimeType")}"],
                ("functionCall", true) => [.. data.OnlyMembers(at, "id", "name", "args"), .. data.RequireMatch("name", Name, at), .. data.RequireObject("args", at)],
                ("functionResponse", false) => [.. data.OnlyMembers(at, "id", "name", "response", "parts", "willContinue", "scheduling"), .. data.RequireMatch("name", Name, at), .. data.RequireObject("response", at)],
                var (kind, _) => (IEnumerable<string>)[$"{at}.{kind}: not allowed in this role"],
            },
        ];
    }
}
