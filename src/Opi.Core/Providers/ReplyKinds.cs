using System.Text.Json;

namespace Opi;

/// <summary>
/// Looks whether the members on the way to a reply's content are objects where objects belong. A reply that a writer of JSON cut at some depth has
/// texts there; read as members that are not there, they would make an empty answer with a full bill. Usage that is not an object
/// is left to others: the answer is kept, and its cost is not known.
/// </summary>
internal static class ReplyKinds
{
    /// <summary>
    /// Paths by provider; lists are passed through. A path with '=' has the arguments of a call, which may be JSON text; with '~' a text is
    /// content too, as long as it is not what a cut leaves.
    /// </summary>
    private static readonly Dictionary<Provider, string[]> Paths = new()
    {
        [Provider.Anthropic] = ["content~", "content.input="],
        [Provider.OpenAIChat] =
        [
            "choices", "choices.message", "choices.message.tool_calls", "choices.message.tool_calls.function", "choices.message.function_call",
            "message", "message.tool_calls", "message.tool_calls.function",
        ],
        [Provider.OpenAIResponses] = ["output", "output.content~", "output.action"],
        [Provider.Gemini] =
        [
            "candidates", "candidates.content", "candidates.content.parts", "candidates.content.parts.functionCall",
            "candidates.content.parts.functionCall.args=", "candidates.content.parts.function_call",
            "candidates.content.parts.function_call.args=",
        ],
        [Provider.GeminiInteractions] =
        [
            "steps", "steps.content~", "steps.summary~", "steps.arguments=", "outputs", "outputs.summary~", "outputs.arguments=",
        ],
        [Provider.Bedrock] =
        [
            "output", "output.message", "output.message.content", "output.message.content.toolUse", "output.message.content.toolUse.input=",
            "output.message.content.reasoningContent",
        ],
        [Provider.Ollama] = ["message", "message.tool_calls", "message.tool_calls.function", "message.tool_calls.function.arguments="],
    };

    /// <summary>Refuses a whole reply that was cut.</summary>
    /// <exception cref="UnknownReplyException">A member is not an object where one belongs.</exception>
    public static void Check(Provider provider, JsonElement reply)
    {
        foreach (string path in Paths[provider])
        {
            Walk(reply, path.TrimEnd('=', '~').Split('.'), 0, path);
        }
    }

    private static void Walk(JsonElement value, string[] names, int at, string path)
    {
        foreach (JsonElement item in value.Items(names[at]))
        {
            if (item.ValueKind == JsonValueKind.Object)
            {
                if (at < names.Length - 1)
                {
                    Walk(item, names, at + 1, path);
                }
            }
            else if (at == names.Length - 1 && item.ValueKind != JsonValueKind.Null && !IsFine(item, path))
            {
                string name = path.TrimEnd('=', '~');
                throw new UnknownReplyException(
                    $"The reply was cut: its '{name}' is {Kind(item)} where an object belongs. Give the reply as it came.")
                {
                    IsCut = true,
                };
            }
        }
    }

    private static bool IsFine(JsonElement item, string path) => path[^1] switch
    {
        '=' => item.ValueKind == JsonValueKind.String
            && (JsonHalves.TextOf(item) is var text && (text.Length == 0 || ReplyJson.TryParse(text) is { ValueKind: JsonValueKind.Object })),
        '~' => item.ValueKind == JsonValueKind.String && !IsRemainder(JsonHalves.TextOf(item)),
        _ => false,
    };

    /// <summary>Whether a text is what PowerShell writes for an object beyond its depth: <c>@{type=text; text=Hi}</c>, or a type's name.</summary>
    private static bool IsRemainder(string text) =>
        (text.StartsWith("@{", StringComparison.Ordinal) && text.EndsWith('}'))
        || text.StartsWith("System.", StringComparison.Ordinal) && text.All(letter => char.IsLetterOrDigit(letter) || letter is '.' or '[' or ']');

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "text",
        JsonValueKind.Array => "a list",
        JsonValueKind.Number => "a number",
        _ => "a flag",
    };
}
