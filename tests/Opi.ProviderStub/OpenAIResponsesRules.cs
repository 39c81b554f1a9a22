using System.Text.Json;

namespace Opi.ProviderStub;

/// <summary>The Responses API, by its published reference.</summary>
public static class OpenAIResponsesRules
{
    private const string Name = "^[a-zA-Z0-9_-]{1,64}$";
    private const int LongestId = 64;

    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<Rule> All =
    [
        new("model and input are required", request =>
        [
            .. request.RequireText("model", ""),
            .. request.Get("input") is { ValueKind: JsonValueKind.String } ? [] : request.RequireList("input"),
        ]),
        new("instructions are text", request => request.Get("instructions") is null or { ValueKind: JsonValueKind.String } ? [] : ["instructions: expected a string"]),
        new("items are of a known type and its members", request => request.Each("input").SelectMany(item => Item(item.Item, item.At))),
        new("every call has its output after it, every output its call before it", Pairs),
        new("ids of calls are unique", request => Json.Unique(CallIds(request).Select(item => item.Id))),
        new("ids of items have the prefix of their kind", request => request.Each("input").SelectMany(item => Prefix(item.Item, item.At))),
        new("reasoning is followed by the item it led to", request =>
        {
            (JsonElement Item, string At)[] items = [.. request.Each("input")];
            return items.Where((item, i) => item.Item.Text("type") == "reasoning"
                    && !(i + 1 < items.Length && IsMadeByModel(items[i + 1].Item)))
                .Select(item => $"{item.At}: Item '{item.Item.Text("id")}' of type 'reasoning' was provided without its required following item");
        }),
        new("reasoning that is not stored comes back encrypted", request => request.Get("store") is { ValueKind: JsonValueKind.False }
            ? request.Each("input").Where(item => item.Item.Text("type") == "reasoning" && item.Item.Text("encrypted_content") is null)
                .Select(item => $"{item.At}: Item with id '{item.Item.Text("id")}' not found. Items are not persisted when `store` is set to false.")
            : []),
        new("tools have a name and parameters", request => request.Each("tools").SelectMany(tool => tool.Item.Text("type") == "function"
            ? [.. tool.Item.RequireMatch("name", Name, tool.At), .. tool.Item.RequireObject("parameters", tool.At)]
            : (string[])[$"{tool.At}.type: Invalid value: '{tool.Item.Text("type")}'"])),
    ];

    /// <summary>Calls that the client runs, and the items that answer them.</summary>
    private static readonly Dictionary<string, string> Outputs = new()
    {
        ["function_call"] = "function_call_output",
        ["custom_tool_call"] = "custom_tool_call_output",
        ["local_shell_call"] = "local_shell_call_output",
        ["shell_call"] = "shell_call_output",
        ["apply_patch_call"] = "apply_patch_call_output",
        ["computer_call"] = "computer_call_output",
        ["mcp_approval_request"] = "mcp_approval_response",
        ["tool_search_call"] = "tool_search_output",
    };

    /// <summary>Items that the provider made and ran itself: they stand alone, with an id.</summary>
    private static readonly string[] ServerItems =
    [
        "web_search_call", "file_search_call", "code_interpreter_call", "image_generation_call", "mcp_call", "mcp_list_tools", "compaction",
        "x_search_call", "program", "program_output", "additional_tools", "configuration_update", "item_reference",
    ];

    private static readonly Dictionary<string, string> Prefixes = new()
    {
        ["message"] = "msg_",
        ["reasoning"] = "rs_",
        ["function_call"] = "fc_",
    };

    private static bool IsServers(JsonElement item) =>
        ServerItems.Contains(item.Text("type")) || (item.Text("type") is "shell_call" or "shell_call_output" && IsContainers(item))
        || (item.Text("type") is "tool_search_call" or "tool_search_output" && item.Text("execution") == "server");

    private static bool IsContainers(JsonElement item) =>
        item.Get("environment")?.Text("type")?.StartsWith("container", StringComparison.Ordinal) == true;

    private static bool IsMadeByModel(JsonElement item) =>
        IsServers(item) || item.Text("type") == "reasoning" || Outputs.ContainsKey(item.Text("type") ?? "") || item.Text("role") == "assistant";

    private static IEnumerable<(string Type, string Id, int Place)> CallIds(JsonElement request) =>
        request.List("input").Select((item, i) => (item, i)).Where(one => Outputs.ContainsKey(one.item.Text("type") ?? "") && !IsServers(one.item))
            .Select(one => (one.item.Text("type")!, (one.item.Text("type") == "mcp_approval_request" ? one.item.Text("id") : one.item.Text("call_id")) ?? "", one.i));

    private static IEnumerable<(string Type, string Id, int Place)> OutputIds(JsonElement request) =>
        request.List("input").Select((item, i) => (item, i)).Where(one => Outputs.ContainsValue(one.item.Text("type") ?? "") && !IsServers(one.item))
            .Select(one => (one.item.Text("type")!, one.item.Text("call_id") ?? one.item.Text("approval_request_id") ?? "", one.i));

    private static IEnumerable<string> Pairs(JsonElement request)
    {
        (string Type, string Id, int Place)[] calls = [.. CallIds(request)], outputs = [.. OutputIds(request)];
        return
        [
            .. calls.Where(call => !outputs.Any(output => output.Id == call.Id && output.Type == Outputs[call.Type] && output.Place > call.Place))
                .Select(call => $"input: No tool output found for function call {call.Id}."),
            .. outputs.Where(output => !calls.Any(call => call.Id == output.Id && output.Type == Outputs[call.Type] && output.Place > call.Place))
                .Select(output => $"input: No tool call found for function call output with call_id {output.Id}."),
            .. outputs.GroupBy(output => output.Id).Where(group => group.Count() > 1).Select(group => $"input: more than one output for {group.Key}."),
        ];
    }

    private static IEnumerable<string> Prefix(JsonElement item, string at) =>
        item.Text("id") is { } id && Prefixes.TryGetValue(item.Text("type") ?? "", out string? prefix) && !id.StartsWith(prefix, StringComparison.Ordinal)
            ? [$"{at}.id: Invalid '{id}'. Expected an ID that begins with '{prefix}'."] : [];

    private static IEnumerable<string> Item(JsonElement item, string at) => item.Text("type") switch
    {
        "function_call" =>
        [
            .. item.OnlyMembers(at, "type", "id", "call_id", "name", "arguments", "status", "namespace", "caller"),
            .. CallId(item, at),
            .. item.RequireMatch("name", Name, at),
            .. item.RequireJsonText("arguments", at),
        ],
        "function_call_output" =>
        [
            .. item.OnlyMembers(at, "type", "id", "call_id", "output", "status"),
            .. CallId(item, at),
            .. item.Get("output") switch
            {
                { ValueKind: JsonValueKind.String } => [],
                { ValueKind: JsonValueKind.Array } => item.Each("output", at).SelectMany(part => Part(part.Item, part.At, "input_text")),
                _ => [$"{at}.output: Missing required parameter"],
            },
        ],
        "reasoning" =>
        [
            .. item.OnlyMembers(at, "type", "id", "summary", "content", "encrypted_content", "status"),
            .. item.Get("summary") is { ValueKind: JsonValueKind.Array } ? Array.Empty<string>() : [$"{at}.summary: Missing required parameter"],
            .. item.Each("summary", at).Where(part => part.Item.Text("type") != "summary_text" || part.Item.Text("text") is null).Select(part => $"{part.At}: expected a summary_text"),
            .. item.Text("id") is null && item.Text("encrypted_content") is null ? [$"{at}.id: Missing required parameter"] : Array.Empty<string>(),
        ],
        "custom_tool_call" =>
        [
            .. item.OnlyMembers(at, "type", "id", "call_id", "name", "input", "status", "namespace", "caller"),
            .. CallId(item, at),
            .. item.RequireMatch("name", Name, at),
            .. item.Text("input") is null ? [$"{at}.input: Missing required parameter"] : Array.Empty<string>(),
        ],
        "custom_tool_call_output" =>
        [
            .. item.OnlyMembers(at, "type", "id", "call_id", "output", "status"),
            .. CallId(item, at),
            .. item.Get("output") is null ? [$"{at}.output: Missing required parameter"] : Array.Empty<string>(),
        ],
        "local_shell_call" => [.. CallId(item, at), .. item.RequireText("id", at + "."), .. item.RequireObject("action", at)],
        "shell_call" => [.. CallId(item, at), .. item.RequireObject("action", at)],
        "apply_patch_call" => [.. CallId(item, at), .. item.RequireObject("operation", at)],
        "computer_call" => [.. CallId(item, at), .. item.RequireText("id", at + ".")],
        "tool_search_call" => item.Get("arguments") is null ? [$"{at}.arguments: Missing required parameter"] : [],
        "mcp_approval_request" => [.. item.RequireText("id", at + "."), .. item.RequireText("name", at + "."), .. item.RequireText("server_label", at + ".")],
        "local_shell_call_output" => [.. item.RequireText("id", at + "."), .. item.Text("output") is null ? [$"{at}.output: expected a string"] : Array.Empty<string>()],
        "shell_call_output" => item.Each("output", at).Where(part => part.Item.Text("stdout") is null || part.Item.Text("stderr") is null || part.Item.Get("outcome")?.Text("type") is null)
            .Select(part => $"{part.At}: expected stdout, stderr and outcome").Concat(item.RequireList("output", at + ".")),
        "apply_patch_call_output" => item.Text("status") is "completed" or "failed" ? [] : [$"{at}.status: Invalid value"],
        "computer_call_output" => item.Get("output") is { } screen && screen.Text("type") == "computer_screenshot" && (screen.Text("image_url") ?? screen.Text("file_id")) is not null
            ? [] : [$"{at}.output: expected a computer_screenshot"],
        "mcp_approval_response" => item.Get("approve") is { ValueKind: JsonValueKind.True or JsonValueKind.False } ? [] : [$"{at}.approve: expected a boolean"],
        "tool_search_output" => item.Get("tools") is { ValueKind: JsonValueKind.Array } ? [] : [$"{at}.tools: expected a list"],
        "item_reference" => item.RequireText("id", at + "."),
        "compaction" => item.RequireText("encrypted_content", at + "."),
        { } known when ServerItems.Contains(known) => item.RequireText("id", at + "."),
        null or "message" => Message(item, at),
        var type => [$"{at}.type: Invalid value: '{type}'"],
    };

    private static IEnumerable<string> CallId(JsonElement item, string at) =>
        item.Text("call_id") is { Length: > 0 and <= LongestId } ? [] : [$"{at}.call_id: expected a string of 1 to {LongestId} characters"];

    private static IEnumerable<string> Message(JsonElement item, string at)
    {
        string? role = item.Text("role");
        if (role is not ("user" or "assistant" or "system" or "developer"))
        {
            return [$"{at}.role: Invalid value: '{role}'"];
        }

        return
        [
            .. item.OnlyMembers(at, role == "assistant" ? ["type", "id", "role", "content", "status", "phase"] : ["type", "id", "role", "content", "status"]),
            .. item.Text("phase") is null or "commentary" or "final_answer" ? Array.Empty<string>() : [$"{at}.phase: Invalid value"],
            .. role == "assistant" && item.Get("content") is { ValueKind: JsonValueKind.Array } ? item.RequireText("id", at + ".") : [], // else its content is a text
            .. item.Get("content") switch
            {
                { ValueKind: JsonValueKind.String } => Array.Empty<string>(),
                { ValueKind: JsonValueKind.Array } =>
                [
                    .. item.RequireList("content", at + "."),
                    .. item.Each("content", at).SelectMany(part => Part(part.Item, part.At, role == "assistant" ? "output_text" : "input_text")),
                ],
                _ => [$"{at}.content: Missing required parameter"],
            },
        ];
    }

    private static string[] Part(JsonElement part, string at, string text) => part.Text("type") switch
    {
        { } type when type == text => part.Text("text") is null ? [$"{at}.text: Missing required parameter"] : [],
        "refusal" when text == "output_text" => part.Text("refusal") is null ? [$"{at}.refusal: Missing required parameter"] : [],
        "input_file" when text == "input_text" =>
            part.Text("file_id") is not null || part.Text("file_url") is not null || (part.Text("file_data") is { Length: > 0 } && part.Text("filename") is { Length: > 0 })
                ? [] : [$"{at}: expected file_id, file_url, or file_data and filename"],
        "input_audio" when text == "input_text" => [],
        "input_image" when text == "input_text" =>
        [
            .. part.Text("image_url") is { } url && (Json.IsWebUrl(url) || Json.IsDataUrl(url)) ? Array.Empty<string>() : [$"{at}.image_url: Invalid image URL"],
            .. part.Text("detail") is "auto" or "low" or "high" or "original" ? Array.Empty<string>() : [$"{at}.detail: Missing required parameter"],
        ],
        var type => [$"{at}.type: Invalid value: '{type}'. Supported values are: '{text}'"],
    };
}
