using System.Text.Json;
using System.Text.RegularExpressions;

namespace Opi.ProviderStub;

/// <summary>The Messages API, by its published reference.</summary>
public static class AnthropicRules
{
    private const string Id = "^[a-zA-Z0-9_-]+$";
    private const string Name = "^[a-zA-Z0-9_-]{1,128}$";
    private const int MostMarks = 4;

    private static readonly string[] ServerResults =
    [
        "web_search_tool_result", "web_fetch_tool_result", "code_execution_tool_result", "bash_code_execution_tool_result",
        "text_editor_code_execution_tool_result", "tool_search_tool_result", "advisor_tool_result", "mcp_tool_result",
    ];

    private static readonly string[] ServerBlocks = ["container_upload", "compaction", "fallback", "mcp_tool_listing"];

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
        new("the first message is the user's; roles alternate", request => request.Alternate("messages", "assistant", allowsSystem: true)),
        new("a message of the system's follows one of the user's, and only newer models take it", System),
        new("what tools of the server did stands in pairs", request => Json.PairServerTools(
            [.. request.Each("messages").Select(message => (message.At, message.Item.Text("role") == "assistant", message.Item.List("content")))],
            block => block.Text("type") is "server_tool_use" or "mcp_tool_use" ? block.Text("id") : null,
            block => ServerResults.Contains(block.Text("type")) ? block.Text("tool_use_id") : null,
            block => block.Text("type") == "tool_use")),
        new("a caller names code of the server's in the conversation", Callers),
        new("at most 4 marks of what to cache, the longer-lived ones first", Marks),
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
        new("the last block of an answer is not thinking", request => request.Each("messages")
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

        bool user = message.Text("role") is "user" or "system";
        return [.. message.RequireList("content", at + "."), .. message.Each("content", at).SelectMany(block => Block(block.Item, block.At, user))];
    }

    private static IEnumerable<string> Block(JsonElement block, string at, bool user) => (block.Text("type"), user) switch
    {
        ("text", _) => Text(block, at),
        ("image", true) => Image(block, at),
        ("document", true) => Document(block, at),
        ("search_result", true) => [.. block.RequireText("source", at + "."), .. block.RequireText("title", at + "."), .. block.RequireList("content", at + ".")],
        ("tool_addition" or "tool_removal", true) => [],
        ("tool_result", true) =>
        [
            .. block.OnlyMembers(at, "type", "tool_use_id", "content", "is_error", "cache_control"),
            .. block.RequireMatch("tool_use_id", Id, at),
            .. block.Each("content", at).SelectMany(part => (part.Item.Text("type"), block.Get("is_error")?.ValueKind == JsonValueKind.True) switch
            {
                ("text", _) => Text(part.Item, part.At),
                (_, true) => [$"{part.At}: all content must be type text if is_error is true"],
                ("image", _) => Image(part.Item, part.At),
                ("document", _) => Document(part.Item, part.At),
                ("search_result" or "tool_reference", _) => [],
                var (type, _) => (IEnumerable<string>)[$"{part.At}: Input tag '{type}' is not allowed in a tool_result"],
            }),
            .. block.Get("is_error") is null or { ValueKind: JsonValueKind.True or JsonValueKind.False } ? Array.Empty<string>() : [$"{at}.is_error: Input should be a valid boolean"],
        ],
        ("tool_use", false) =>
        [
            .. block.OnlyMembers(at, "type", "id", "name", "input", "cache_control", "caller", "toolset_name"),
            .. block.RequireMatch("id", Id, at),
            .. block.RequireMatch("name", Name, at),
            .. block.RequireObject("input", at),
        ],
        ("server_tool_use" or "mcp_tool_use", false) =>
        [
            .. block.RequireMatch("id", Id, at),
            .. block.RequireText("name", at + "."),
            .. block.RequireObject("input", at),
            .. block.Text("type") == "mcp_tool_use" ? block.RequireText("server_name", at + ".") : [],
        ],
        ({ } type, false) when ServerResults.Contains(type) =>
            [.. block.RequireMatch("tool_use_id", Id, at), .. block.Get("content") is null ? [$"{at}.content: Field required"] : Array.Empty<string>()],
        ({ } type, false) when ServerBlocks.Contains(type) => [],
        ("thinking", false) =>
        [
            .. block.OnlyMembers(at, "type", "thinking", "signature"), // and so no cache_control
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

    private static IEnumerable<string> Document(JsonElement block, string at)
    {
        JsonElement source = block.Get("source") ?? default;
        return
        [
            .. block.OnlyMembers(at, "type", "source", "title", "context", "citations", "cache_control"),
            .. source.Text("type") switch
            {
                "base64" when source.Text("media_type") == "application/pdf" && Json.IsBase64(source.Text("data")) => source.OnlyMembers(at + ".source", "type", "media_type", "data"),
                "text" when source.Text("media_type") == "text/plain" && source.Text("data") is not null => source.OnlyMembers(at + ".source", "type", "media_type", "data"),
                "url" when Json.IsWebUrl(source.Text("url")) => source.OnlyMembers(at + ".source", "type", "url"),
                "file" when source.Text("file_id") is not null => [],
                "content" when source.Get("content") is not null => [],
                _ => [$"{at}.source: Input should be a PDF, a text, a url, a file or blocks of content"],
            },
        ];
    }

    private static IEnumerable<string> System(JsonElement request)
    {
        (JsonElement Item, string At)[] messages = [.. request.Each("messages")];
        bool takes = Regex.IsMatch(request.Text("model") ?? "", "opus-4-8|opus-5|fable-5");
        for (int i = 0; i < messages.Length; i++)
        {
            if (messages[i].Item.Text("role") == "system" && (!takes || i == 0 || messages[i - 1].Item.Text("role") != "user"))
            {
                yield return takes
                    ? $"{messages[i].At}: a system message must directly follow a user message"
                    : $"{messages[i].At}: role 'system' is not supported on this model";
            }
        }
    }

    private static IEnumerable<string> Callers(JsonElement request)
    {
        JsonElement[] blocks = [.. request.List("messages").SelectMany(message => message.List("content"))];
        string?[] ids = [.. blocks.Where(block => block.Text("type") == "server_tool_use").Select(block => block.Text("id"))];
        return blocks.Select(block => block.Get("caller")?.Text("tool_id")).Where(id => id is not null && !ids.Contains(id))
            .Select(id => $"messages: the caller {id} is not in the conversation");
    }

    /// <summary>All marks in the order of the prompt: tools, system, messages.</summary>
    private static IEnumerable<string> Marks(JsonElement request)
    {
        JsonElement[] marked =
        [
            .. request.List("tools").Concat(request.List("system"))
                .Concat(request.List("messages").SelectMany(message => message.List("content")).SelectMany(block => block.List("content").Prepend(block)))
                .Where(block => block.Get("cache_control") is not null),
        ];
        int count = marked.Length + (request.Get("cache_control") is null ? 0 : 1);
        if (count > MostMarks)
        {
            yield return $"A maximum of {MostMarks} blocks with cache_control may be provided. Found {count}.";
        }

        foreach (JsonElement block in marked.Where(block => block.Get("cache_control")?.Text("type") != "ephemeral"))
        {
            yield return $"cache_control.type: Input should be 'ephemeral' in {block}";
        }

        bool isShort = false;
        foreach (string? ttl in marked.Select(block => block.Get("cache_control")?.Text("ttl")))
        {
            if (ttl == "1h" && isShort)
            {
                yield return "cache_control: a ttl of 1h must not come after a ttl of 5m";
            }

            isShort |= ttl != "1h";
        }
    }

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
