using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>Reads the message of an answer: of a reply, or of a request.</summary>
internal static class ChatMessage
{
    public const string DataName = "openai-chat";

    /// <summary>What servers put next to the choices although it belongs to the answer (Perplexity, xAI).</summary>
    public static readonly string[] BesideChoices = ["citations", "search_results", "related_questions", "images"];

    private static readonly string[] Known =
    [
        "role", "content", "refusal", "reasoning", "reasoning_content", "audio", "images", "tool_calls", "function_call", "name"
    ];

    /// <summary>Adds an answer's message.</summary>
    public static void Add(Reply result, JsonElement message, JsonElement? reply = null)
    {
        result.AddThinking(Thinking(message));
        AddContent(result, message);
        result.AddText(message.Text("refusal"));
        if (message.Object("audio") is { } audio)
        {
            AddAudio(result, audio);
        }

        foreach (JsonElement image in message.Items("images"))
        {
            string type = RequestImage.OfUrl(image.Object("image_url")?.Text("url") ?? image.Text("image_url") ?? "").MediaType;
            result.AddOpaque("image", $"[image: {type}]", Whole(image)); // OpenRouter
        }

        foreach (JsonElement call in message.Items("tool_calls"))
        {
            AddCall(result, call);
        }

        if (message.Object("function_call") is { } old && old.Text("name") is { Length: > 0 } name && !message.Items("tool_calls").Any())
        {
            result.AddCall(null, name, ReplyJson.Arguments(old.Get("arguments")), data: Data(new JsonObject { ["function_call"] = true }));
        }

        JsonObject beside = ProviderJson.Except(message, Known);
        foreach (string member in BesideChoices)
        {
            if (reply?.Get(member) is { } value && !ProviderJson.IsZero(value) && !beside.ContainsKey(member))
            {
                beside[member] = ProviderJson.Node(value);
            }
        }

        result.MessageData = Data(beside);
    }

    /// <summary>The text of the thinking: one text, or OpenRouter's details.</summary>
    private static string? Thinking(JsonElement message) =>
        message.Text("reasoning_content") is { Length: > 0 } content ? content
            : message.Text("reasoning") is { Length: > 0 } text ? text
            : string.Concat(message.Items("reasoning_details").Select(detail => detail.Text("text") ?? detail.Text("summary")));

    /// <summary>The content: one text; a list of parts, as Mistral gives it; an object, as Cloudflare gives it, whose JSON is the text.</summary>
    private static void AddContent(Reply result, JsonElement message)
    {
        if (message.Get("content") is { ValueKind: JsonValueKind.Object } content && content.Get("type") is null)
        {
            result.AddText(ReplyJson.Compact(content));
            return;
        }

        string text = "";
        foreach (JsonElement part in message.Items("content"))
        {
            string? more = part.ValueKind switch
            {
                JsonValueKind.String => part.GetString(),
                JsonValueKind.Object when part.Text("type") is "text" or "output_text" or null && part.Get("text") is not null => part.Text("text"),
                JsonValueKind.Object => null,
                _ => part.GetRawText(),
            };
            if (more is not null)
            {
                text += more;
                continue;
            }

            result.AddText(text);
            text = "";
            AddPart(result, part);
        }

        result.AddText(text);
    }

    private static void AddPart(Reply result, JsonElement part)
    {
        switch (part.Text("type"))
        {
            case "thinking" when part.Get("thinking") is not null:
                JsonElement[] pieces = [.. part.Items("thinking")];
                bool isPlain = pieces.All(piece => piece.ValueKind == JsonValueKind.String || piece.Text("type") is "text" or null);
                result.AddThinking(
                    string.Concat(pieces.Select(piece => piece.ValueKind == JsonValueKind.String ? piece.GetString() : piece.Text("text"))),
                    data: Data(isPlain ? ProviderJson.Except(part, "type", "thinking") : ProviderJson.Except(part, "type")));
                break;
            case "refusal":
                result.AddText(part.Text("refusal"));
                break;
            case "reference": // Mistral: which search result the words before are from
                result.AddOpaque("reference", "", Whole(part));
                break;
            case "image_url":
                string url = part.Object("image_url")?.Text("url") ?? part.Text("image_url") ?? "";
                result.AddOpaque("image_url", $"[image: {RequestImage.OfUrl(url).MediaType}]", Whole(part));
                break;
            case var type:
                result.AddOpaque(type ?? "content", $"[{type ?? "content"}]", Whole(part));
                break;
        }
    }

    /// <summary>The words of a spoken answer. Its id goes back until it expires; the sound itself is not kept.</summary>
    private static void AddAudio(Reply result, JsonElement audio)
    {
        JsonObject kept = ProviderJson.Except(audio, "data", "transcript");
        string? transcript = audio.Text("transcript");
        if (kept.Count > 0 || !string.IsNullOrEmpty(transcript))
        {
            result.AddText(transcript, Data(new JsonObject { ["audio"] = kept }));
        }

        if (!string.IsNullOrEmpty(audio.Text("data")))
        {
            result.NotKept("audio data");
        }
    }

    private static void AddCall(Reply result, JsonElement call)
    {
        JsonElement? custom = call.Object("custom") is { } one && one.Text("name") is { Length: > 0 } ? one : null;
        JsonElement? function = call.Object("function");
        JsonObject beside = ProviderJson.Except(call, "id", "type", "index", "function", "custom");
        if (custom is { } free && (function is null || function.Value.Text("name") is null or ""))
        {
            // Its input is free text; arguments are JSON.
            beside["custom"] = true;
            result.AddCall(call.Text("id"), free.Text("name"), new JsonObject { ["input"] = free.Text("input") }.ToJsonString(), data: Data(beside));
        }
        else if (function is { } empty && string.IsNullOrEmpty($"{call.Text("id")}{empty.Text("name")}{empty.Text("arguments")}"))
        {
            return; // a server that writes out every member calls nothing by this
        }
        else if (function is { } asked)
        {
            result.AddCall(call.Text("id"), asked.Text("name"), ReplyJson.Arguments(asked.Get("arguments")), data: Data(beside));
        }
        else
        {
            string kind = call.Text("type") ?? "tool_call";
            result.AddOpaque(kind, $"[{kind}]", Whole(call)); // a tool that ran at the server
        }
    }

    private static ProviderData? Data(JsonObject members) => ProviderJson.Data(DataName, members);

    private static ProviderData Whole(JsonElement value) => new(DataName, value.GetRawText());
}
