using System.Text.Json;

namespace Opi.ProviderStub;

/// <summary>Chat Completions, by its published reference, and what the servers that speak it refuse beyond that.</summary>
public static class OpenAIChatRules
{
    private const string Name = "^[a-zA-Z0-9_-]{1,64}$";
    private const int LongestId = 40;

    /// <summary>Members of an assistant message that only other servers take are in <see cref="ChatServerRules"/>.</summary>
    private static readonly string[] AssistantMembers =
    [
        "role", "content", "tool_calls", "refusal", "name", "function_call", "audio", "reasoning_content", "reasoning", "reasoning_details",
        "thought_signature", "annotations", "images"
    ];

    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<Rule> All =
    [
        new("model and messages are required", request => [.. request.RequireText("model", ""), .. request.RequireList("messages")]),
        new("messages are of a known role and its members", request => request.Each("messages").SelectMany(message => Message(message.Item, message.At))),
        new("results follow the message with their calls, one for each call, before anything else", request => Json.PairCalls(Groups(request))),
        new("a call of the old kind is followed by its result", OldCalls),
        new("ids of calls are unique", request => Json.Unique(request.List("messages").SelectMany(Calls))),
        new("tools have a name and parameters", request => request.Each("tools").SelectMany(tool => tool.Item.Get("function") is { } function && tool.Item.Text("type") == "function"
            ? [.. function.RequireMatch("name", Name, tool.At + ".function"), .. function.RequireObject("parameters", tool.At + ".function")]
            : (string[])[$"{tool.At}: Missing required parameter 'function'"])),
    ];

    private static IEnumerable<string> OldCalls(JsonElement request)
    {
        JsonElement[] messages = request.List("messages");
        for (int i = 0; i < messages.Length; i++)
        {
            string? called = messages[i].Get("function_call")?.Text("name");
            string? answered = i + 1 < messages.Length && messages[i + 1].Text("role") == "function" ? messages[i + 1].Text("name") : null;
            if (called != answered)
            {
                yield return $"messages.{i}: the function call '{called}' is followed by the result of '{answered}'";
            }
        }
    }

    private static IEnumerable<string> Calls(JsonElement message) => message.List("tool_calls").Select(call => call.Text("id") ?? "");

    /// <summary>The messages, with tool messages that stand together taken as one.</summary>
    private static IEnumerable<(string At, string[] Calls, string[] Results)> Groups(JsonElement request)
    {
        var results = new List<string>();
        string first = "";
        foreach ((JsonElement message, string at) in request.Each("messages"))
        {
            if (message.Text("role") == "tool")
            {
                first = results.Count == 0 ? at : first;
                results.Add(message.Text("tool_call_id") ?? "");
                continue;
            }

            if (results.Count > 0)
            {
                yield return (first, [], [.. results]);
                results.Clear();
            }

            yield return (at, [.. Calls(message)], []);
        }

        if (results.Count > 0)
        {
            yield return (first, [], [.. results]);
        }
    }

    private static IEnumerable<string> Message(JsonElement message, string at) => message.Text("role") switch
    {
        "system" or "developer" => [.. message.OnlyMembers(at, "role", "content", "name"), .. Content(message, at, false)],
        "user" => [.. message.OnlyMembers(at, "role", "content", "name"), .. Content(message, at, true)],
        "function" => [.. message.OnlyMembers(at, "role", "content", "name"), .. message.RequireText("name", at + "."), .. Content(message, at, false)],
        "tool" =>
        [
            .. message.OnlyMembers(at, "role", "content", "tool_call_id"),
            .. message.RequireText("tool_call_id", at + "."),
            .. Content(message, at, false),
        ],
        "assistant" =>
        [
            .. message.OnlyMembers(at, [.. AssistantMembers]),
            .. message.Get("content") is not null ? Content(message, at, false)
                : message.Get("tool_calls") is null && message.Get("function_call") is null && message.Get("audio") is null ? [$"{at}.content: expected a string, got null"] : [],
            .. message.Get("tool_calls") is { ValueKind: JsonValueKind.Array } calls && calls.GetArrayLength() == 0 ? [$"{at}.tool_calls: empty array, expected at least 1"] : Array.Empty<string>(),
            .. message.Each("tool_calls", at).SelectMany(call => Call(call.Item, call.At)),
        ],
        var role => [$"{at}.role: Invalid value: '{role}'"],
    };

    private static IEnumerable<string> Call(JsonElement call, string at)
    {
        string type = call.Text("type") == "custom" ? "custom" : "function";
        JsonElement function = call.Get(type) ?? default;
        return
        [
            .. call.OnlyMembers(at, "id", "type", type, "extra_content"),
            .. call.Text("type") == type ? Array.Empty<string>() : [$"{at}.type: Invalid value, expected 'function' or 'custom'"],
            .. call.Text("id") is { Length: > 0 and <= LongestId } ? Array.Empty<string>() : [$"{at}.id: expected a string of 1 to {LongestId} characters"],
            .. function.RequireMatch("name", Name, $"{at}.{type}"),
            .. type == "custom"
                ? function.Text("input") is null ? [$"{at}.custom.input: Missing required parameter"] : []
                : function.RequireJsonText("arguments", at + ".function"),
        ];
    }

    private static IEnumerable<string> Content(JsonElement message, string at, bool user) => message.Get("content") switch
    {
        { ValueKind: JsonValueKind.String } => [],
        { ValueKind: JsonValueKind.Array } => [.. message.RequireList("content", at + "."), .. message.Each("content", at).SelectMany(part => Part(part.Item, part.At, user))],
        _ => [$"{at}.content: expected a string or an array"],
    };

    private static string[] File(JsonElement file, string at) =>
        file.Text("file_id") is { Length: > 0 } || (file.Text("file_data") is { Length: > 0 } && file.Text("filename") is { Length: > 0 })
            ? [] : [$"{at}: expected file_id, or file_data and filename"];

    private static string[] Part(JsonElement part, string at, bool user) => part.Text("type") switch
    {
        "text" => part.Text("text") is null ? [$"{at}.text: Missing required parameter"] : [],
        "image_url" when user =>
        [
            .. part.Get("image_url")?.Text("url") is { } url && (Json.IsWebUrl(url) || Json.IsDataUrl(url)) ? Array.Empty<string>() : [$"{at}.image_url.url: Invalid image URL"],
            .. part.Get("image_url")?.Text("detail") is null or "auto" or "low" or "high" or "original" ? Array.Empty<string>() : [$"{at}.image_url.detail: Invalid value"],
        ],
        "file" when user => File(part.Get("file") ?? default, at + ".file"),
        "input_audio" when user => part.Get("input_audio") is { } audio && Json.IsBase64(audio.Text("data")) && audio.Text("format") is "wav" or "mp3"
            ? [] : [$"{at}.input_audio: expected data and a format"],
        "document_url" when user => part.Text("document_url") is { Length: > 0 } ? [] : [$"{at}.document_url: Missing required parameter"],
        "thinking" or "reference" when !user => [], // of Mistral, which ChatServerRules sees to
        var type => [$"{at}.type: Invalid value: '{type}'"],
    };
}
