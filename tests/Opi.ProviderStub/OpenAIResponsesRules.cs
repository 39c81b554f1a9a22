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
        new("ids of calls are unique", request => Json.Unique(Ids(request, "function_call").Select(item => item.Id))),
        new("reasoning is followed by the item it led to", request =>
        {
            (JsonElement Item, string At)[] items = [.. request.Each("input")];
            return items.Where((item, i) => item.Item.Text("type") == "reasoning"
                    && !(i + 1 < items.Length && (items[i + 1].Item.Text("type") is "reasoning" or "function_call" || items[i + 1].Item.Text("role") == "assistant")))
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

    private static IEnumerable<(string Id, int Place)> Ids(JsonElement request, string type) =>
        request.List("input").Select((item, i) => (item, i)).Where(item => item.item.Text("type") == type).Select(item => (item.item.Text("call_id") ?? "", item.i));

    private static IEnumerable<string> Pairs(JsonElement request)
    {
        var calls = Ids(request, "function_call").ToLookup(call => call.Id, call => call.Place);
        var outputs = Ids(request, "function_call_output").ToLookup(output => output.Id, output => output.Place);
        return
        [
            .. calls.Where(call => !outputs[call.Key].Any(place => place > call.Min())).Select(call => $"input: No tool output found for function call {call.Key}."),
            .. outputs.Where(output => !calls[output.Key].Any(place => place < output.Min())).Select(output => $"input: No tool call found for function call output with call_id {output.Key}."),
            .. outputs.Where(output => output.Count() > 1).Select(output => $"input: more than one output for {output.Key}."),
        ];
    }

    private static IEnumerable<string> Item(JsonElement item, string at) => item.Text("type") switch
    {
        "function_call" =>
        [
            .. item.OnlyMembers(at, "type", "id", "call_id", "name", "arguments", "status"),
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
            .. item.OnlyMembers(at, "type", "id", "role", "content", "status"),
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
        "refusal" when text == "output_text" => [],
        "input_image" when text == "input_text" =>
        [
            .. part.Text("image_url") is { } url && (Json.IsWebUrl(url) || Json.IsDataUrl(url)) ? Array.Empty<string>() : [$"{at}.image_url: Invalid image URL"],
            .. part.Text("detail") is "auto" or "low" or "high" or "original" ? Array.Empty<string>() : [$"{at}.detail: Missing required parameter"],
        ],
        var type => [$"{at}.type: Invalid value: '{type}'. Supported values are: '{text}'"],
    };
}
