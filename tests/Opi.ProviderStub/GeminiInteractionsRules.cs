using System.Text.Json;

namespace Opi.ProviderStub;

/// <summary>The input of Gemini's Interactions API, by its published reference.</summary>
public static class GeminiInteractionsRules
{
    private const string Name = "^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$";
    private static readonly string[] Ran =
        ["code_execution", "google_search", "google_maps", "url_context", "file_search", "mcp_server_tool", "retrieval", "processing"];

    private static readonly string[] Content = ["text", "image", "audio", "video", "document"];

    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<Rule> All =
    [
        new("one of model and agent is required", request => request.Get("model") is null == request.Get("agent") is null ? ["model: exactly one of model and agent is required"] : []),
        new("input is required", request => request.Get("input") is { ValueKind: JsonValueKind.String } ? [] : request.RequireList("input")),
        new("system_instruction is a text", request => request.Get("system_instruction") is null ? [] : request.RequireText("system_instruction", "")),
        new("the first step is the user's", request => request.List("input") is [var first, ..] && first.Text("type") != "user_input" && !Content.Contains(first.Text("type"))
            ? ["input[0]: the first step must be a user_input"] : []),
        new("steps have a known type, and its members and nothing else", request => request.Each("input").SelectMany(step => Step(step.Item, step.At))),
        new("each function_call has one function_result after it, before anything else is said", Calls),
        new("what tools of the server did stands in pairs", Pairs),
        new("tools of the client have names and schemas", request => request.Each("tools").Where(tool => tool.Item.Text("type") == "function").SelectMany(tool => (string[])
        [
            .. tool.Item.OnlyMembers(tool.At, "type", "name", "description", "parameters"),
            .. tool.Item.RequireMatch("name", Name, tool.At),
            .. tool.Item.RequireObject("parameters", tool.At),
        ])),
        new("tools have a type", request => request.Each("tools").SelectMany(tool => tool.Item.RequireText("type", tool.At + "."))),
    ];

    private static IEnumerable<string> Step(JsonElement step, string at)
    {
        string type = step.Text("type") ?? "";
        string? ran = Ran.FirstOrDefault(name => type == name + "_call" || type == name + "_result");
        return type switch
        {
            "user_input" or "model_output" => [.. step.OnlyMembers(at, "type", "content", "error"), .. step.RequireList("content", at + "."), .. step.Each("content", at).SelectMany(part => Part(part.Item, part.At))],
            "thought" => [.. step.OnlyMembers(at, "type", "signature", "summary"), .. Signature(step, at), .. step.Each("summary", at).SelectMany(part => Part(part.Item, part.At))],
            "function_call" => [.. step.OnlyMembers(at, "type", "id", "name", "arguments", "signature"), .. step.RequireText("id", at + "."), .. step.RequireMatch("name", Name, at), .. step.RequireObject("arguments", at)],
            "function_result" =>
            [
                .. step.OnlyMembers(at, "type", "call_id", "name", "result", "is_error"),
                .. step.RequireText("call_id", at + "."),
                .. step.Get("result") is null ? [$"{at}.result: is required"] : Array.Empty<string>(),
                .. step.Each("result", at).SelectMany(part => Part(part.Item, part.At)),
            ],
            _ when Content.Contains(type) => Part(step, at),
            _ when ran is not null && type.EndsWith("_call", StringComparison.Ordinal) => [.. step.RequireText("id", at + "."), .. Signature(step, at)],
            _ when ran is not null => [.. step.RequireText("call_id", at + "."), .. Signature(step, at)],
            _ => [$"{at}.type: unknown type '{type}'"],
        };
    }

    private static IEnumerable<string> Part(JsonElement part, string at) => part.Text("type") switch
    {
        "text" => Json.IsBlank(part.Text("text")) ? [$"{at}.text: must not be empty"] : part.OnlyMembers(at, "type", "text", "annotations"),
        "image" or "audio" or "video" or "document" =>
        [
            .. part.OnlyMembers(at, "type", "data", "uri", "mime_type", "resolution", "channels", "sample_rate", "processing"),
            .. (part.Text("data"), part.Text("uri")) switch
            {
                ({ } data, null) => Json.IsBase64(data) ? part.RequireText("mime_type", at + ".") : [$"{at}.data: Base64 decoding failed"],
                (null, { } uri) => Uri.TryCreate(uri, UriKind.Absolute, out Uri? address) && address.Scheme is "https" or "http" or "gs" ? [] : [$"{at}.uri: unsupported"],
                _ => (IEnumerable<string>)[$"{at}: exactly one of data and uri is required"],
            },
        ],
        var type => [$"{at}.type: unknown type '{type}'"],
    };

    private static IEnumerable<string> Signature(JsonElement step, string at) =>
        step.Get("signature") is null || Json.IsBase64(step.Text("signature")) ? [] : [$"{at}.signature: Base64 decoding failed"];

    private static IEnumerable<string> Calls(JsonElement request)
    {
        var open = new List<string>();
        foreach ((JsonElement step, string at) in request.Each("input").Append((default, "the end")))
        {
            switch (step.ValueKind == JsonValueKind.Object ? step.Text("type") : null)
            {
                case "function_call":
                    open.Add(step.Text("id") ?? "");
                    break;
                case "function_result" when !open.Remove(step.Text("call_id") ?? ""):
                    yield return $"{at}: no function_call with this id before it";
                    break;
                case "user_input" or null when open.Count > 0:
                    yield return $"{at}: function calls without a function_result ({string.Join(", ", open)})";
                    open.Clear();
                    break;
            }
        }
    }

    private static IEnumerable<string> Pairs(JsonElement request)
    {
        var open = new List<string>();
        foreach ((JsonElement step, string at) in request.Each("input").Where(step => Ran.Any(name => step.Item.Text("type")?.StartsWith(name + "_", StringComparison.Ordinal) == true)))
        {
            if (step.Text("call_id") is not { } of)
            {
                open.Add(step.Text("id") ?? "");
            }
            else if (!open.Remove(of))
            {
                yield return $"{at}: no call before it";
            }
        }

        if (open.Count > 0)
        {
            yield return $"calls of the server's tools without a result: {string.Join(", ", open)}";
        }
    }
}
