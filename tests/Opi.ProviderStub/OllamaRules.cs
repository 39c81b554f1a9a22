using System.Text.Json;

namespace Opi.ProviderStub;

/// <summary>Ollama's /api/chat, by its published reference.</summary>
public static class OllamaRules
{
    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<Rule> All =
    [
        new("model and messages are required", request => [.. request.RequireText("model", ""), .. request.RequireList("messages")]),
        new("messages are of a known role and its members", request => request.Each("messages").SelectMany(message => Message(message.Item, message.At))),
        new("results follow the message with their calls, in their order", Pairs),
        new("tools have a name and parameters", request => request.Each("tools").SelectMany(tool => tool.Item.Get("function") is { } function
            ? [.. function.RequireText("name", tool.At + ".function."), .. function.RequireObject("parameters", tool.At + ".function")]
            : (string[])[$"{tool.At}.function: required"])),
    ];

    private static IEnumerable<string> Message(JsonElement message, string at) =>
    [
        .. message.OnlyMembers(at, "role", "content", "thinking", "images", "tool_calls", "tool_name"),
        .. message.Text("role") is "system" or "user" or "assistant" or "tool" ? Array.Empty<string>() : [$"{at}.role: invalid role: {message.Text("role")}"],
        .. message.Text("content") is null ? [$"{at}.content: json: cannot unmarshal into Go struct field of type string"] : Array.Empty<string>(),
        .. message.Each("images", at).Where(image => image.Item.ValueKind != JsonValueKind.String || !Json.IsBase64(image.Item.GetString())).Select(image => $"{image.At}: illegal base64 data"),
        .. message.Each("tool_calls", at).SelectMany(call => call.Item.Get("function") is { } function
            ? [.. function.RequireText("name", call.At + "."), .. function.RequireObject("arguments", call.At)]
            : (string[])[$"{call.At}.function: required"]),
    ];

    private static IEnumerable<string> Pairs(JsonElement request)
    {
        var open = new Queue<string>();
        foreach ((JsonElement message, string at) in request.Each("messages").Append((default, "the end")))
        {
            if (message.Text("role") == "tool")
            {
                string name = message.Text("tool_name") ?? "";
                if (!open.TryDequeue(out string? expected) || expected != name)
                {
                    yield return $"{at}: a result of '{name}' where one of '{expected}' is expected";
                }

                continue;
            }

            while (open.TryDequeue(out string? missing))
            {
                yield return $"{at}: the call of '{missing}' has no result";
            }

            foreach (JsonElement call in message.List("tool_calls"))
            {
                open.Enqueue(call.Get("function")?.Text("name") ?? "");
            }
        }
    }
}
