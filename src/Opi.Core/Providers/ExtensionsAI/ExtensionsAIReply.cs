using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Replies and messages of Microsoft.Extensions.AI, in its own JSON: a ChatResponse, its updates, and ChatMessages, which Microsoft's agents keep
/// their conversations in. They do not say who answered, and their input count holds what was read from the cache and written to it.
/// </summary>
internal static class ExtensionsAIReply
{
    private const string Contents = "contents";

    private static readonly string[] Done = ["stop"];
    private static readonly string[] Length = ["length"];
    private static readonly string[] ToolUse = ["tool_calls"];

    /// <summary>What it is recognised by, for errors.</summary>
    public const string LookedFor = "'messages' with 'contents'";

    public static bool Is(JsonElement value) =>
        value.Get("messages") is { ValueKind: JsonValueKind.Array } messages && value.Get("choices") is null
        && (messages.GetArrayLength() > 0 ? messages.EnumerateArray().All(IsMessage) : value.Get("responseId") is not null)
        && (value.Get("responseId") ?? value.Get("modelId") ?? value.Get("finishReason") ?? value.Get("usage") ?? value.Get("agentId")) is not null;

    /// <summary>Whether a value is a piece of a streamed response.</summary>
    public static bool IsUpdate(JsonElement value) =>
        value.Get(Contents) is not null && value.Get("parts") is null
        && (value.Get("responseId") ?? value.Get("modelId") ?? value.Get("finishReason")) is not null;

    public static bool IsMessage(JsonElement value) =>
        value.Get(Contents) is { ValueKind: JsonValueKind.Array } && value.Get("role") is { ValueKind: JsonValueKind.String };

    /// <summary>Reads a response: each of its answers is a reply, the last one with the usage.</summary>
    public static IReadOnlyList<Reply> Read(JsonElement response)
    {
        JsonElement[] answers = [.. response.Items("messages").Where(message => message.Is("role", "assistant"))];
        var replies = new List<Reply>();
        for (int i = 0; i < Math.Max(1, answers.Length); i++)
        {
            bool isLast = i >= answers.Length - 1;
            var reply = new Reply("")
            {
                Id = response.Text("responseId"),
                Model = response.Text("modelId"),
                Billed = isLast ? ExtensionsAIUsage.Instance.Take(response) : null,
            };
            foreach (JsonElement content in i < answers.Length ? answers[i].Items(Contents) : [])
            {
                AddContent(reply, content);
            }

            reply.Stop(isLast ? response.Text("finishReason") : null, Done, Length, ToolUse);
            replies.Add(reply);
        }

        foreach (JsonElement other in response.Items("messages").Where(message => !message.Is("role", "assistant")))
        {
            replies[^1].NotKept($"message of the {other.Text("role")}");
        }

        return replies;
    }

    public static JsonElement Assemble(IReadOnlyList<JsonElement> updates)
    {
        var contents = new JsonArray();
        var response = new JsonObject();
        JsonNode? usage = null;
        foreach (JsonElement update in updates)
        {
            foreach (string name in (string[])["responseId", "modelId", "finishReason"])
            {
                if (update.Text(name) is { } value)
                {
                    response[name] = value;
                }
            }

            foreach (JsonElement content in update.Items(Contents))
            {
                if (content.Is("$type", "usage"))
                {
                    usage = content.Object("details") is { } details ? ExtraMembers.ToObject(details) : usage;
                }
                else if (contents.LastOrDefault() is JsonObject last && content.Text("$type") is "text" or "reasoning"
                    && contents[^1]!["protectedData"] is null && (string?)contents[^1]!["$type"] == content.Text("$type"))
                {
                    contents[^1]!["text"] = (string?)contents[^1]!["text"] + content.Text("text");
                    contents[^1]!["protectedData"] = content.Text("protectedData");
                }
                else
                {
                    contents.Add(ProviderJson.Node(content));
                }
            }
        }

        response["messages"] = new JsonArray(new JsonObject { ["role"] = "assistant", [Contents] = contents });
        response["usage"] = usage;
        response["finishReason"] ??= Reply.CutOff;
        return response.ToElement();
    }

    public static void ReadMessage(JsonElement message, RequestReader reader)
    {
        if (message.Is("role", "assistant"))
        {
            Reply answer = reader.BeginAnswer();
            foreach (JsonElement content in message.Items(Contents))
            {
                AddContent(answer, content);
            }

            return;
        }

        var input = new List<IInputContent>();
        foreach (JsonElement content in message.Items(Contents))
        {
            if (content.Is("$type", "functionResult"))
            {
                reader.AddUser(input);
                input.Clear();
                string? result = content.Get("result") is { ValueKind: not JsonValueKind.String } value
                    ? ReplyJson.Compact(value)
                    : content.Text("result");
                reader.AddResult(
                    content.Text("callId"),
                    null,
                    [.. RequestReader.ReadText(result)],
                    isError: content.Get("exception") is not null);
            }
            else
            {
                input.AddRange(ReadInput(content, reader));
            }
        }

        if (message.Is("role", "system") && input.Count > 0)
        {
            reader.LeftOut("system text");
            return;
        }

        reader.AddUser(input);
    }

    private static void AddContent(Reply reply, JsonElement content)
    {
        switch (content.Text("$type"))
        {
            case "text":
                reply.AddText(content.Text("text"));
                break;
            case "reasoning":
                string? text = content.Text("text");
                string? data = content.Text("protectedData");
                // Without a text the protected data is the whole of the thinking, else the proof of it.
                reply.AddThinking(text, string.IsNullOrEmpty(text) ? null : data, string.IsNullOrEmpty(text) ? data : null);
                break;
            case "functionCall":
                reply.AddCall(content.Text("callId"), content.Text("name"), ReplyJson.Arguments(content.Get("arguments")));
                break;
            case "error":
                reply.AddText(content.Text("message"));
                break;
            case "usage":
                break; // the response has it
            case var kind:
                reply.NotKept(kind ?? "content of unknown kind");
                break;
        }
    }

    private static IEnumerable<IInputContent> ReadInput(JsonElement content, RequestReader reader) => content.Text("$type") switch
    {
        "text" => RequestReader.ReadText(content.Text("text")),
        "data" or "uri" when (content.Text("mediaType") ?? content.Text("uri") ?? "").Contains("image/", StringComparison.Ordinal) =>
            reader.ReadImage(RequestImage.OfUrl(content.Text("uri") ?? "", content.Text("mediaType"))),
        var kind => reader.LeftOut(kind),
    };
}
