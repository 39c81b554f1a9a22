using System.Text.Json;

namespace Opi.ProviderStub;

/// <summary>The Messages API, by its published reference.</summary>
public static class AnthropicRules
{
    private const string Id = "^[a-zA-Z0-9_-]+$";
    private const string Name = "^[a-zA-Z0-9_-]{1,128}$";

    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<Rule> All =
    [
        new("model, max_tokens and messages are required", request =>
        [
            .. request.RequireText("model", ""),
            .. request.Get("max_tokens") is { ValueKind: JsonValueKind.Number } max && max.TryGetInt32(out int count) && count > 0 ? Array.Empty<string>() : ["max_tokens: Field required"],
            .. request.RequireList("messages"),
        ]),
        new("system is text or text blocks", request => request.Get("system") switch
        {
            null => [],
            { ValueKind: JsonValueKind.String } text => Json.IsBlank(text.GetString()) ? ["system: text content blocks must be non-empty"] : [],
            _ => request.Each("system").SelectMany(block => Text(block.Item, block.At)),
        }),
        new("messages have a role and content and nothing else", request => request.Each("messages").SelectMany(message => message.Item.OnlyMembers(message.At, "role", "content"))),
        new("the first message is the user's; roles alternate", request => request.Alternate("messages", "assistant")),
        new("content is text or blocks of the role's types", request => request.Each("messages").SelectMany(message => Content(message.Item, message.At))),
        new("every tool_use has its tool_result in the next message, and the other way round", request => Json.PairCalls(
            request.Each("messages").Select(message => (message.At, Ids(message.Item, "tool_use", "id"), Ids(message.Item, "tool_result", "tool_use_id"))))),
        new("ids of tool_use are unique", request => Json.Unique(request.List("messages").SelectMany(message => Ids(message, "tool_use", "id")))),
        new("tool_result blocks come first in their message", request => request.Each("messages")
            .Where(message => message.Item.List("content").SkipWhile(block => block.Text("type") == "tool_result").Any(block => block.Text("type") == "tool_result"))
            .Select(message => $"{message.At}: tool_result blocks must come before other content")),
        new("a last message of the assistant does not end with white space or thinking", request =>
        {
            JsonElement last = request.List("messages").LastOrDefault();
            if (last.ValueKind != JsonValueKind.Object || last.Text("role") != "assistant")
            {
                return [];
            }

            string? text = last.Text("content") ?? last.List("content").LastOrDefault() switch { { ValueKind: JsonValueKind.Object } block => block.Text("text"), _ => null };
            return text is { Length: > 0 } && char.IsWhiteSpace(text[^1]) ? ["messages: final assistant content cannot end with trailing whitespace"] : [];
        }),
        new("the last block of an answer is no thinking", request => request.Each("messages")
            .Where(message => message.Item.List("content") is [.., var last] && last.Text("type") is "thinking" or "redacted_thinking")
            .Select(message => $"{message.At}: the final block in an assistant message cannot be thinking")),
        new("with thinking enabled, the answer whose results are sent begins with its thinking", request =>
            request.Get("thinking")?.Text("type") == "enabled" && request.List("messages") is [.., var answer, var results]
            && results.List("content").Any(block => block.Text("type") == "tool_result")
            && answer.List("content") is [var first, ..] && first.Text("type") is not ("thinking" or "redacted_thinking")
                ? [$"messages: when thinking is enabled, a final assistant message must start with a thinking block, but found {first.Text("type")}"]
                : []),
        new("thinking gets at least 1024 tokens and less than max_tokens", request =>
            request.Get("thinking") is { } thinking && thinking.Text("type") == "enabled"
            && !(thinking.Get("budget_tokens") is { ValueKind: JsonValueKind.Number } budget && budget.GetDouble() >= 1024 && budget.GetDouble() < (request.Get("max_tokens") is { ValueKind: JsonValueKind.Number } max ? max.GetDouble() : 0))
                ? ["thinking.enabled.budget_tokens: must be at least 1024 and less than max_tokens"]
                : []),
        new("tools have a name and a schema", request => request.Each("tools").SelectMany(tool =>
            (string[])[.. tool.Item.RequireMatch("name", Name, tool.At), .. tool.Item.RequireObject("input_schema", tool.At)])),
    ];

    private static string[] Ids(JsonElement message, string type, string name) =>
        [.. message.List("content").Where(block => block.Text("type") == type).Select(block => block.Text(name) ?? "")];

    private static IEnumerable<string> Content(JsonElement message, string at)
    {
        if (message.Get("content") is { ValueKind: JsonValueKind.String } text)
        {
            return Json.IsBlank(text.GetString()) ? [$"{at}: content must be non-empty"] : [];
        }

        bool user = message.Text("role") == "user";
        return [.. message.RequireList("content", at + "."), .. message.Each("content", at).SelectMany(block => Block(block.Item, block.At, user))];
    }

    private static IEnumerable<string> Block(JsonElement block, string at, bool user) => (block.Text("type"), user) switch
    {
        ("text", _) => Text(block, at),
        ("image", true) => Image(block, at),
        ("tool_result", true) =>
        [
            .. block.OnlyMembers(at, "type", "tool_use_id", "content", "is_error", "cache_control"),
            .. block.RequireMatch("tool_use_id", Id, at),
            .. block.Each("content", at).SelectMany(part => part.Item.Text("type") == "image" ? Image(part.Item, part.At) : Text(part.Item, part.At)),
            .. block.Get("is_error") is null or { ValueKind: JsonValueKind.True or JsonValueKind.False } ? Array.Empty<string>() : [$"{at}.is_error: Input should be a valid boolean"],
        ],
        ("tool_use", false) =>
        [
            .. block.OnlyMembers(at, "type", "id", "name", "input", "cache_control"),
            .. block.RequireMatch("id", Id, at),
            .. block.RequireMatch("name", Name, at),
            .. block.RequireObject("input", at),
        ],
        ("thinking", false) =>
        [
            .. block.OnlyMembers(at, "type", "thinking", "signature"),
            .. block.Text("thinking") is null ? [$"{at}.thinking: Field required"] : Array.Empty<string>(),
            .. block.RequireText("signature", at + "."),
        ],
        ("redacted_thinking", false) => [.. block.OnlyMembers(at, "type", "data"), .. block.RequireText("data", at + ".")],
        var (type, _) => [$"{at}: Input tag '{type}' is not allowed in a message of the {(user ? "user" : "assistant")}"],
    };

    private static IEnumerable<string> Text(JsonElement block, string at) =>
    [
        .. block.OnlyMembers(at, "type", "text", "cache_control", "citations"),
        .. block.Text("type") != "text" ? [$"{at}: Input tag '{block.Text("type")}' is not allowed here"]
            : Json.IsBlank(block.Text("text")) ? [$"{at}: text content blocks must contain non-whitespace text"]
            : Array.Empty<string>(),
    ];

    private static IEnumerable<string> Image(JsonElement block, string at)
    {
        JsonElement source = block.Get("source") ?? default;
        return
        [
            .. block.OnlyMembers(at, "type", "source", "cache_control"),
            .. source.Text("type") switch
            {
                "base64" when Json.MediaTypes.Contains(source.Text("media_type")) && Json.IsBase64(source.Text("data")) => source.OnlyMembers(at + ".source", "type", "media_type", "data"),
                "url" when Json.IsWebUrl(source.Text("url")) => source.OnlyMembers(at + ".source", "type", "url"),
                _ => [$"{at}.source: Input should be a base64 or url source of an image"],
            },
        ];
    }
}
