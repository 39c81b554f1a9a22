using System.Text.Json;
using System.Text.RegularExpressions;

namespace Opi.ProviderStub;

/// <summary>What servers that speak Chat Completions demand, each beyond or in place of OpenAI's rules, by their published references.</summary>
public static class ChatServerRules
{
    private static readonly string[] Reasoning = ["reasoning_content", "reasoning", "reasoning_details"];
    private static readonly string[] Extras = [.. Reasoning, "annotations", "images"];

    /// <summary>What is wrong with the messages of a request to a server, such as openai, mistral, deepseek or openrouter.</summary>
    public static IReadOnlyList<string> Validate(string server, JsonElement messagePart)
    {
        ArgumentNullException.ThrowIfNull(server);
        (JsonElement Item, string At)[] messages = [.. messagePart.Each("messages")];
        return
        [
            .. ProviderRules.ValidateMessages(Provider.OpenAIChat, messagePart),
            .. messages.SelectMany(message => message.Item.Text("role") == "assistant" ? Assistant(server, message.Item, message.At) : []),
            .. server is "openai" or "azure" ? [] : SystemFirst(messages),
            .. server == "mistral" ? Mistral(messages) : [],
        ];
    }

    private static IEnumerable<string> Assistant(string server, JsonElement message, string at)
    {
        string[] allowed = server switch
        {
            "openrouter" => ["reasoning", "reasoning_details", "annotations", "images"],
            "snowflake" => ["reasoning", "reasoning_details"],
            "deepseek" or "moonshot" or "zai" or "vllm" or "qwen" => ["reasoning_content"],
            _ => [],
        };
        foreach (string name in Extras.Where(name => message.Get(name) is not null && !allowed.Contains(name)))
        {
            yield return $"{at}.{name}: Extra inputs are not permitted";
        }

        bool hasCalls = message.List("tool_calls").Length > 0;
        if (server == "deepseek" && hasCalls && message.Text("reasoning_content") is null)
        {
            yield return $"{at}: Missing `reasoning_content` field in the assistant message";
        }

        if (server == "deepseek" && !hasCalls && message.Text("reasoning_content") is not null)
        {
            yield return $"{at}: reasoning_content is not allowed in an answer without calls";
        }

        if (server != "mistral" && message.List("content").Any(part => part.Text("type") is "thinking" or "reference"))
        {
            yield return $"{at}.content: Invalid part";
        }
    }

    private static IEnumerable<string> SystemFirst((JsonElement Item, string At)[] messages) =>
        messages.Skip(1).Where(message => message.Item.Text("role") is "system" or "developer").Select(message => $"{message.At}: a system message must be the first");

    private static IEnumerable<string> Mistral((JsonElement Item, string At)[] messages)
    {
        for (int i = 0; i < messages.Length; i++)
        {
            (JsonElement message, string at) = messages[i];
            foreach (string id in message.List("tool_calls").Select(call => call.Text("id")).Append(message.Text("tool_call_id")).OfType<string>())
            {
                if (!Regex.IsMatch(id, "^[a-zA-Z0-9]{9}$"))
                {
                    yield return $"{at}: Tool call id was {id} but must be a-z, A-Z, 0-9, with a length of 9.";
                }
            }

            if (i > 0 && messages[i - 1].Item.Text("role") == "tool" && message.Text("role") is not ("tool" or "assistant"))
            {
                yield return $"{at}: Unexpected role '{message.Text("role")}' after role 'tool'";
            }

            foreach (JsonElement part in message.List("content").Where(part => part.Text("type") == "thinking"))
            {
                if (part.List("thinking") is not { Length: > 0 } pieces || pieces.Any(piece => piece.Text("type") == "text" && piece.Text("text") is null))
                {
                    yield return $"{at}.content: thinking is a list of parts";
                }
            }
        }
    }
}
