using System.Text.Json;

namespace Opi.ProviderStub;

/// <summary>Converse, by its published reference.</summary>
public static class BedrockRules
{
    private const string Id = "^[a-zA-Z0-9_-]{1,64}$";
    private static readonly string[] Formats = ["png", "jpeg", "gif", "webp"];
    private static readonly string[] Data =
    [
        "text", "image", "toolUse", "toolResult", "reasoningContent", "citationsContent", "document", "video", "audio", "searchResult",
        "guardContent", "cachePoint",
    ];

    private static readonly string[] Documents = ["pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"];
    private const string DocumentName = @"^(?!.*\s\s)[a-zA-Z0-9 ()\[\]-]{1,210}$";
    private const int MostMarks = 4;

    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<Rule> All =
    [
        new("messages are required", request => request.RequireList("messages")),
        new("system has blocks of text", request => request.Get("system") is not null and not { ValueKind: JsonValueKind.Array } ? ["system: expected a list"]
            : request.Each("system").Where(block => block.Item.Get("cachePoint") is null && Json.IsBlank(block.Item.Text("text"))).Select(block => $"{block.At}: The text field in the ContentBlock object is blank")),
        new("messages have a role and content and nothing else", request => request.Each("messages").SelectMany(message =>
            (string[])[.. message.Item.OnlyMembers(message.At, "role", "content"), .. message.Item.RequireList("content", message.At + ".")])),
        new("the first message is the user's; roles alternate", request => request.Alternate("messages", "assistant")),
        new("each block has one kind of data", request => request.Each("messages").SelectMany(message => message.Item.Each("content", message.At).SelectMany(block =>
            Block(block.Item, block.At, message.Item.Text("role") == "user")))),
        new("every toolUse has its toolResult in the next message, and the other way round", request => Json.PairCalls(
            request.Each("messages").Select(message => (message.At, Ids(message.Item, "toolUse"), Ids(message.Item, "toolResult"))))),
        new("what tools of the server did stands in pairs", request => Json.PairServerTools(
            [.. request.Each("messages").Select(message => (message.At, message.Item.Text("role") == "assistant", message.Item.List("content")))],
            block => IsOfServer(block) ? block.Get("toolUse")?.Text("toolUseId") : null,
            block => block.Get("toolResult")?.Text("toolUseId"),
            block => block.Get("toolUse") is not null && !IsOfServer(block))),
        new("documents have names of their own and stand beside a text", DocumentsOf),
        new("at most 4 points of the cache", request =>
            request.List("system").Concat(request.List("messages").SelectMany(message => message.List("content")))
                .Count(block => block.Get("cachePoint") is not null) > MostMarks ? ["too many cachePoint blocks"] : []),
        new("ids of toolUse are unique", request => Json.Unique(request.List("messages").SelectMany(message => Ids(message, "toolUse")))),
        new("toolConfig is there when tools were used", request =>
            request.Get("toolConfig") is null && request.List("messages").SelectMany(message => message.List("content")).Any(block => block.Get("toolUse") is not null || block.Get("toolResult") is not null)
                ? ["The toolConfig field must be defined when using toolUse and toolResult content blocks."]
                : []),
        new("tools have a name and a schema", request => (request.Get("toolConfig") ?? default).Each("tools", "toolConfig").SelectMany(tool => tool.Item.Get("toolSpec") is { } spec
            ? [.. spec.RequireMatch("name", Id, tool.At + ".toolSpec"), .. spec.RequireObject("inputSchema", tool.At + ".toolSpec")]
            : (string[])[$"{tool.At}.toolSpec: required"])),
        new("a last message of the assistant does not end with white space", request =>
            request.List("messages") is [.., var last] && last.Text("role") == "assistant" && last.List("content") is [.., var block] && block.Text("text") is { Length: > 0 } text && char.IsWhiteSpace(text[^1])
                ? ["messages: final assistant content cannot end with trailing whitespace"]
                : []),
    ];

    private static string[] Ids(JsonElement message, string kind) =>
        kind == "toolResult" && message.Text("role") != "user" ? []
            : [.. message.List("content").Where(block => !IsOfServer(block)).Select(block => block.Get(kind)).OfType<JsonElement>().Select(call => call.Text("toolUseId") ?? "")];

    private static IEnumerable<string> Block(JsonElement block, string at, bool user)
    {
        string[] kinds = [.. Data.Where(name => block.Get(name) is not null)];
        if (kinds.Length != 1 || block.EnumerateObject().Count() != 1)
        {
            return [$"{at}: Invalid number of parameters set for tagged union structure; must set one of {string.Join(", ", Data)}"];
        }

        JsonElement data = block.Get(kinds[0])!.Value;
        return (kinds[0], user) switch
        {
            ("text", _) => Text(block, at),
            ("image", true) => Image(data, at + ".image"),
            ("toolUse", false) =>
            [
                .. data.OnlyMembers(at + ".toolUse", "toolUseId", "name", "input", "type"),
                .. data.RequireMatch("toolUseId", Id, at + ".toolUse"),
                .. data.RequireMatch("name", Id, at + ".toolUse"),
                .. data.RequireObject("input", at + ".toolUse"),
            ],
            ("toolResult", true) =>
            [
                .. data.OnlyMembers(at + ".toolResult", "toolUseId", "content", "status"),
                .. data.RequireMatch("toolUseId", Id, at + ".toolResult"),
                .. data.RequireList("content", at + ".toolResult."),
                .. data.Each("content", at + ".toolResult").SelectMany(part => part.Item.Get("image") is { } image ? Image(image, part.At)
                    : part.Item.Get("document") is { } document ? Document(document, part.At)
                    : part.Item.Get("json") is not null || part.Item.Get("video") is not null || part.Item.Get("searchResult") is not null ? []
                    : Text(part.Item, part.At)),
                .. data.Text("status") is null or "success" or "error" ? Array.Empty<string>() : [$"{at}.toolResult.status: must be success or error"],
            ],
            ("reasoningContent", false) => data.Get("reasoningText") is { } text
                ? [.. text.OnlyMembers(at, "text", "signature"), .. text.Text("text") is { } words && (words.Length > 0 || text.Text("signature") is not null) ? Array.Empty<string>() : [$"{at}.text: required"]]
                : Json.IsBase64(data.Text("redactedContent")) ? [] : [$"{at}.reasoningContent: must set reasoningText or redactedContent"],
            ("toolResult", false) => [.. data.RequireMatch("toolUseId", Id, at), .. data.RequireList("content", at + ".")],
            ("image", false) => Image(data, at + ".image"),
            ("citationsContent", false) => data.RequireList("content", at + "."),
            ("document", true) => Document(data, at + ".document"),
            ("video" or "audio" or "searchResult" or "guardContent", true) => [],
            ("cachePoint", _) => data.Text("type") == "default" ? [] : [$"{at}.cachePoint.type: must be default"],
            var (kind, _) => [$"{at}.{kind}: not allowed in this role"],
        };
    }

    private static bool IsOfServer(JsonElement block) => block.Get("toolUse")?.Text("type") == "server_tool_use";

    private static IEnumerable<string> Document(JsonElement document, string at) =>
    [
        .. document.OnlyMembers(at, "format", "name", "source", "context", "citations"),
        .. document.RequireMatch("name", DocumentName, at),
        .. Documents.Contains(document.Text("format")) ? Array.Empty<string>() : [$"{at}.format: must be one of {string.Join(", ", Documents)}"],
        .. document.Get("source") is { } source && (source.Text("bytes") is not null || source.Text("text") is not null || source.Get("content") is not null
            || source.Get("s3Location")?.Text("uri")?.StartsWith("s3://", StringComparison.Ordinal) == true)
            ? Array.Empty<string>() : [$"{at}.source: must set bytes, text, content or s3Location"],
    ];

    private static IEnumerable<string> DocumentsOf(JsonElement request)
    {
        foreach ((JsonElement message, string at) in request.Each("messages"))
        {
            JsonElement[] blocks = message.List("content");
            if (blocks.Any(block => block.Get("document") is not null) && blocks.All(block => block.Text("text") is null))
            {
                yield return $"{at}: a document must be accompanied by a text block";
            }
        }

        IEnumerable<string> names = request.List("messages").SelectMany(message => message.List("content"))
            .SelectMany(block => (block.Get("toolResult") ?? default).List("content").Prepend(block))
            .Select(block => block.Get("document")?.Text("name")).OfType<string>();
        foreach (string name in names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key))
        {
            yield return $"messages: duplicate document name {name}";
        }
    }

    private static IEnumerable<string> Text(JsonElement block, string at) =>
        Json.IsBlank(block.Text("text")) ? [$"The text field in the ContentBlock object at {at} is blank. Add text to the text field, and try again."] : [];

    private static IEnumerable<string> Image(JsonElement image, string at) =>
    [
        .. Formats.Contains(image.Text("format")) ? Array.Empty<string>() : [$"{at}.format: must be one of {string.Join(", ", Formats)}"],
        .. image.Get("source") is { } source && (Json.IsBase64(source.Text("bytes")) || source.Get("s3Location")?.Text("uri")?.StartsWith("s3://", StringComparison.Ordinal) == true)
            ? Array.Empty<string>() : [$"{at}.source: must set bytes or s3Location"],
    ];
}
