using System.Text.Json;
using System.Text.RegularExpressions;

namespace Opi.ProviderStub;

/// <summary>What the rules of all providers ask of a piece of JSON. Each question gives the violations at a place.</summary>
internal static partial class Json
{
    public static readonly string[] MediaTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"];

    public static JsonElement? Get(this JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement member) && member.ValueKind != JsonValueKind.Null ? member : null;

    public static string? Text(this JsonElement value, string name) => value.Get(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>The items of a member that is a list; none when it is not a list.</summary>
    public static JsonElement[] List(this JsonElement value, string name) => value.Get(name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];

    /// <summary>The items with their places.</summary>
    public static IEnumerable<(JsonElement Item, string At)> Each(this JsonElement value, string name, string at = "") =>
        value.List(name).Select((item, i) => (item, $"{at}{(at.Length > 0 ? "." : "")}{name}.{i}"));

    public static bool IsBlank(string? text) => string.IsNullOrWhiteSpace(text);

    public static bool IsBase64(string? text) =>
        text is { Length: > 0 } && Convert.TryFromBase64String(text, new byte[text.Length], out _);

    public static bool IsDataUrl(string? url) =>
        url is not null && DataUrl().Match(url) is { Success: true } match && MediaTypes.Contains(match.Groups[1].Value) && IsBase64(match.Groups[2].Value);

    public static bool IsWebUrl(string? url) => Uri.TryCreate(url, UriKind.Absolute, out Uri? address) && address.Scheme is "https" or "http";

    public static IEnumerable<string> RequireText(this JsonElement value, string name, string at)
    {
        if (IsBlank(value.Text(name)))
        {
            yield return $"{at}{name}: Field required";
        }
    }

    /// <summary>A list that has to be there and to have items.</summary>
    public static IEnumerable<string> RequireList(this JsonElement value, string name, string at = "")
    {
        if (value.Get(name) is not { ValueKind: JsonValueKind.Array } list)
        {
            yield return $"{at}{name}: Input should be a valid list";
        }
        else if (list.GetArrayLength() == 0)
        {
            yield return $"{at}{name}: at least one item is required";
        }
    }

    public static IEnumerable<string> RequireMatch(this JsonElement value, string name, string pattern, string at)
    {
        if (value.Text(name) is not { } text || !Regex.IsMatch(text, pattern))
        {
            yield return $"{at}.{name}: String should match pattern '{pattern}'";
        }
    }

    public static IEnumerable<string> RequireObject(this JsonElement value, string name, string at)
    {
        if (value.Get(name) is not { ValueKind: JsonValueKind.Object })
        {
            yield return $"{at}.{name}: Input should be a valid object";
        }
    }

    /// <summary>Members that are not in the schema, which most providers refuse.</summary>
    public static IEnumerable<string> OnlyMembers(this JsonElement value, string at, params string[] names) =>
        value.ValueKind != JsonValueKind.Object
            ? [$"{at}: Input should be a valid object"]
            : value.EnumerateObject().Where(member => !names.Contains(member.Name)).Select(member => $"{at}.{member.Name}: Extra inputs are not permitted");

    /// <summary>Arguments as text that holds a JSON object. OpenAI takes any text, and servers that speak its protocol do not.</summary>
    public static IEnumerable<string> RequireJsonText(this JsonElement value, string name, string at)
    {
        bool isObject = false;
        try
        {
            isObject = value.Text(name) is { } text && JsonDocument.Parse(text).RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
        }

        if (!isObject)
        {
            yield return $"{at}.{name}: expected a string that holds a JSON object";
        }
    }

    /// <summary>The first message is the user's and roles alternate.</summary>
    public static IEnumerable<string> Alternate(this JsonElement request, string list, string assistant, bool allowsSystem = false)
    {
        string? before = assistant;
        foreach ((JsonElement message, string at) in request.Each(list))
        {
            string? role = message.Text("role");
            if (allowsSystem && role == "system")
            {
            }
            else if (role != "user" && role != assistant)
            {
                yield return $"{at}.role: Input should be 'user' or '{assistant}'";
            }
            else if (role == before)
            {
                yield return role == assistant && at == $"{list}.0"
                    ? $"{at}: A conversation must start with a user message"
                    : $"{at}: roles must alternate between 'user' and '{assistant}', but found multiple '{role}' roles in a row";
            }

            before = role;
        }
    }

    /// <summary>
    /// Each message that calls tools is followed by one that has the results of all its calls and no others.
    /// </summary>
    /// <param name="messages">Every message: where it is, the ids that it calls, the ids that it answers.</param>
    public static IEnumerable<string> PairCalls(IEnumerable<(string At, string[] Calls, string[] Results)> messages)
    {
        string[] open = [];
        string from = "";
        foreach ((string at, string[] calls, string[] results) in messages.Append(("the end", [], [])))
        {
            foreach (string id in open.Except(results))
            {
                yield return $"{from}: tool call ids were found without results immediately after: {id}";
            }

            foreach (string id in results.Except(open))
            {
                yield return $"{at}: unexpected tool result {id}: each result must have a corresponding call in the previous message";
            }

            foreach (string id in results.GroupBy(id => id).Where(group => group.Count() > 1).Select(group => group.Key))
            {
                yield return $"{at}: more than one result for the tool call {id}";
            }

            open = calls;
            from = at;
        }
    }

    /// <summary>
    /// What tools of the provider did: a call and its result stand in one message of the assistant's, the call first. A call alone may stand in
    /// the last message, or in one with a call of the client's; then its result may come in a later message, as long as only results stand
    /// between.
    /// </summary>
    /// <param name="messages">Every message: where it is, whether the assistant wrote it, its blocks.</param>
    /// <param name="callOf">The id that a block calls at the provider; null for others.</param>
    /// <param name="resultOf">The id that a block is the provider's result of; null for others.</param>
    /// <param name="isClients">Whether a block calls a tool of the client's.</param>
    public static IEnumerable<string> PairServerTools(
        IReadOnlyList<(string At, bool IsAssistant, JsonElement[] Blocks)> messages,
        Func<JsonElement, string?> callOf,
        Func<JsonElement, string?> resultOf,
        Func<JsonElement, bool> isClients)
    {
        var open = new List<string>();
        for (int i = 0; i < messages.Count; i++)
        {
            (string at, bool isAssistant, JsonElement[] blocks) = messages[i];
            if (!isAssistant)
            {
                continue;
            }

            foreach (JsonElement block in blocks)
            {
                if (callOf(block) is { } call)
                {
                    open.Add(call);
                }
                else if (resultOf(block) is { } result && !open.Remove(result))
                {
                    yield return $"{at}: the result of the server tool {result} has no call before it";
                }
            }

            if (i < messages.Count - 1 && !blocks.Any(isClients))
            {
                foreach (string call in open)
                {
                    yield return $"{at}: the server tool {call} was called without a corresponding result block";
                }

                open.Clear();
            }
        }
    }

    public static IEnumerable<string> Unique(IEnumerable<string> ids) =>
        ids.GroupBy(id => id).Where(group => group.Count() > 1).Select(group => $"messages: tool call ids must be unique: {group.Key}");

    [GeneratedRegex("^data:([a-z/+]+);base64,(.*)$", RegexOptions.Singleline)]
    private static partial Regex DataUrl();
}
