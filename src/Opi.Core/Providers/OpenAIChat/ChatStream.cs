using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>Makes a whole reply of the chunks of a streamed one.</summary>
internal sealed class ChatStream
{
    private static readonly string[] Texts = ["reasoning_content", "reasoning", "refusal"];
    private readonly JsonObject _message = new() { ["role"] = "assistant" };
    private readonly JsonArray _parts = [];
    private readonly ChatStreamCalls _calls = new();
    private readonly Dictionary<string, JsonElement> _billed = [];
    private readonly Dictionary<string, JsonElement> _beside = [];
    private readonly SortedSet<long> _otherChoices = [];
    private string? _id;
    private string? _model;
    private string? _finish;
    private bool _hasLogprobs;
    private bool _isEnded;
    private JsonElement? _whole;

    /// <summary>The reply that chunks make. One that was cut off has the finish reason <see cref="Reply.CutOff"/>.</summary>
    public static JsonElement Assemble(IReadOnlyList<JsonElement> chunks)
    {
        var stream = new ChatStream();
        foreach (JsonElement chunk in chunks)
        {
            stream.Add(chunk);
        }

        return stream.ToReply();
    }

    private void Add(JsonElement chunk)
    {
        if (ReplyText.IsDone(chunk))
        {
            _isEnded = true;
            return;
        }

        _id ??= chunk.Text("id") is { Length: > 0 } first ? first : null;
        _model ??= chunk.Text("model") is { Length: > 0 } named ? named : null;
        NoteBilled(chunk);
        foreach (string name in ChatMessage.BesideChoices)
        {
            if (chunk.Get(name) is { } value)
            {
                _beside[name] = value;
            }
        }

        JsonElement[] choices = [.. chunk.Items("choices")];
        _isEnded |= choices.Length == 0 && chunk.Object("usage") is not null; // a chunk with the usage alone is the last one
        foreach (JsonElement choice in choices)
        {
            if (choice.Count("index") is > 0 and { } other)
            {
                _otherChoices.Add(other);
            }
            else
            {
                AddChoice(choice);
            }
        }
    }

    private void AddChoice(JsonElement choice)
    {
        _finish = choice.Text("finish_reason") is { Length: > 0 } reason ? reason : _finish;
        _hasLogprobs |= choice.Object("logprobs") is not null;
        if (choice.Object("message") is { } whole && choice.Text("finish_reason") is not null)
        {
            _whole = whole; // Perplexity ends with the whole message
        }

        if (choice.Text("text") is { } text)
        {
            AddText(text); // /v1/completions
        }

        if (choice.Object("delta") is { } delta)
        {
            foreach (JsonProperty member in delta.EnumerateObject().Where(member => !ProviderJson.IsZero(member.Value)))
            {
                AddMember(member.Name, member.Value);
            }
        }
    }

    private void AddMember(string name, JsonElement value)
    {
        switch (name)
        {
            case "role":
                break;
            case "content":
                AddContent(value);
                break;
            case "tool_calls":
                _calls.Add(((JsonElement?)value).Items());
                break;
            case "function_call" when value.ValueKind == JsonValueKind.Object:
                Append(Member("function_call"), value, "name", "arguments");
                break;
            case "audio" when value.ValueKind == JsonValueKind.Object:
                Append(Member("audio"), value, "transcript", "data");
                break;
            case "reasoning_details":
                AddDetails(((JsonElement?)value).Items());
                break;
            case "executed_tools":
                AddTools(((JsonElement?)value).Items());
                break;
            default:
                if (value.ValueKind == JsonValueKind.String && (Texts.Contains(name) || _message[name] is JsonValue))
                {
                    _message[name] = (string?)_message[name] + value.GetString();
                }
                else if (value.ValueKind == JsonValueKind.Array && _message[name] is JsonArray list)
                {
                    foreach (JsonElement item in value.EnumerateArray())
                    {
                        list.Add(ProviderJson.Node(item));
                    }
                }
                else
                {
                    _message[name] = ProviderJson.Node(value);
                }

                break;
        }
    }

    private void AddContent(JsonElement content)
    {
        foreach (JsonElement part in ((JsonElement?)content).Items())
        {
            if (part.ValueKind == JsonValueKind.String)
            {
                AddText(part.GetString()!);
            }
            else if (part.Is("type", "text") && ProviderJson.Except(part, "type", "text").Count == 0)
            {
                AddText(part.Text("text") ?? "");
            }
            else if (part.Is("type", "thinking") && _parts is [.., JsonObject last] && (string?)last["type"] == "thinking"
                && last["thinking"] is JsonArray thinking)
            {
                foreach (JsonElement piece in part.Items("thinking"))
                {
                    thinking.Add(ProviderJson.Node(piece));
                }

                ProviderJson.Merge(last, part, "type", "thinking");
            }
            else
            {
                _parts.Add(ProviderJson.Node(part));
            }
        }
    }

    private void AddText(string text)
    {
        if (_parts is [.., JsonObject last] && (string?)last["type"] == "text" && last.Count == 2)
        {
            last["text"] = (string?)last["text"] + text;
        }
        else if (text.Length > 0)
        {
            _parts.AddNode(new JsonObject { ["type"] = "text", ["text"] = text });
        }
    }

    /// <summary>Pieces of one detail follow each other; what is encrypted comes whole.</summary>
    private void AddDetails(IEnumerable<JsonElement> details)
    {
        JsonArray known = List("reasoning_details");
        foreach (JsonElement detail in details)
        {
            if (known is [.., JsonObject last] && detail.Text("type") is "reasoning.text" or "reasoning.summary"
                && (string?)last["type"] == detail.Text("type") && last["index"]?.ToJsonString() == detail.Get("index")?.GetRawText()
                && last["signature"] is null)
            {
                Append(last, detail, "text", "summary");
            }
            else
            {
                known.Add(ProviderJson.Node(detail));
            }
        }
    }

    /// <summary>Groq sends a tool when it starts and again when it has run, with the same index.</summary>
    private void AddTools(IEnumerable<JsonElement> tools)
    {
        JsonArray known = List("executed_tools");
        foreach (JsonElement tool in tools)
        {
            JsonObject? same = tool.Get("index") is { } index
                ? known.OfType<JsonObject>().FirstOrDefault(one => one["index"]?.ToJsonString() == index.GetRawText())
                : null;
            if (same is null)
            {
                known.Add(ProviderJson.Node(tool));
            }
            else
            {
                ProviderJson.Merge(same, tool);
            }
        }
    }

    private JsonObject Member(string name)
    {
        if (_message[name] is not JsonObject member)
        {
            _message[name] = member = [];
        }

        return member;
    }

    private JsonArray List(string name)
    {
        if (_message[name] is not JsonArray list)
        {
            _message[name] = list = [];
        }

        return list;
    }

    /// <summary>Appends texts with these names, and replaces every other member.</summary>
    private static void Append(JsonObject into, JsonElement more, params string[] texts)
    {
        foreach (JsonProperty member in more.EnumerateObject().Where(member => !ProviderJson.IsZero(member.Value)))
        {
            into[member.Name] = texts.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.String
                ? (string?)into[member.Name] + member.Value.GetString()
                : ProviderJson.Node(member.Value);
        }
    }

    /// <summary>For what is billed, the last chunk that has it counts. Groq has the usage in another member.</summary>
    private void NoteBilled(JsonElement chunk)
    {
        foreach (string name in ChatUsage.BilledMembers)
        {
            if (chunk.Get(name) is { } value)
            {
                _billed[name] = value;
            }
        }

        if (chunk.Get("usage") is null && chunk.Object("x_groq")?.Object("usage") is { } usage)
        {
            _billed["usage"] = usage;
        }
    }

    private JsonElement ToReply()
    {
        if (_parts.Count > 0)
        {
            _message["content"] = _parts is [JsonObject only] && (string?)only["type"] == "text" && only.Count == 2
                ? (string?)only["text"]
                : _parts;
        }

        if (_calls.ToArray() is { Count: > 0 } calls)
        {
            _message["tool_calls"] = calls;
        }

        string? finish = _finish ?? (_isEnded ? null : Reply.CutOff);
        bool isEmpty = _message.Count == 1;
        var choice = new JsonObject
        {
            ["message"] = _whole is { } whole && (isEmpty || finish is not null) && ProviderJson.Node(whole) is JsonObject known ? known : _message,
            ["finish_reason"] = finish,
        };
        if (_hasLogprobs)
        {
            choice["logprobs"] = new JsonObject { ["content"] = new JsonArray(true) };
        }

        var reply = new JsonObject
        {
            ["id"] = _id,
            ["model"] = _model,
            ["choices"] = new JsonArray([choice, .. _otherChoices.Select(index => new JsonObject { ["index"] = index })]),
        };
        foreach ((string name, JsonElement value) in _beside.Concat(_billed))
        {
            reply[name] = ProviderJson.Node(value);
        }

        return reply.ToElement();
    }
}
