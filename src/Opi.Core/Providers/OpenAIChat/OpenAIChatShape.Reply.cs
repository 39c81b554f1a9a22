using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// OpenAI Chat Completions and the servers that speak it. Of several choices the first is taken. What was read from the cache or written
/// to it is part of <c>prompt_tokens</c> and is taken out.
/// </summary>
internal sealed partial class OpenAIChatShape
{
    public const string ProviderName = "openai";

    public override Provider Provider => Provider.OpenAIChat;

    public override string Name => ProviderName;

    public override string DataName => "openai-chat";

    public override string LookedFor => "'choices'";

    public override bool Is(JsonElement reply) => (reply.Get("choices") is not null && !IsEvent(reply)) || IsCohere(reply);

    public override bool IsEvent(JsonElement chunk) =>
        chunk.Is("object", "chat.completion.chunk") || chunk.Items("choices").Any(choice => choice.Object("delta") is not null);

    public override Reply Read(JsonElement reply)
    {
        JsonElement choice = IsCohere(reply) ? reply : reply.Items("choices").FirstOrDefault();
        if (choice.Object("error") is { } error)
        {
            throw ProviderReply.ErrorOf(ProviderName, error); // OpenRouter: the server behind it failed
        }

        var result = new Reply(IsCohere(reply) ? "cohere" : ProviderName)
        {
            Id = reply.Text("id"),
            Model = reply.Text("model"),
            Billed = ChatUsage.Instance.Take(reply)
        };
        if (choice.Object("message") is { } message)
        {
            AddMessage(result, message);
        }

        result.Stop(
            choice.Text("finish_reason"),
            ["stop", "eos", "COMPLETE", "STOP_SEQUENCE"],
            ["length", "model_length", "MAX_TOKENS"],
            ["tool_calls", "function_call", "TOOL_CALL"]);
        return result;
    }

    /// <summary>Whether it is a reply of Cohere, which has the one answer in the reply itself.</summary>
    private static bool IsCohere(JsonElement reply) =>
        reply.Object("message") is not null && reply.Object("usage")?.Object("billed_units") is not null && reply.Get("choices") is null;

    /// <summary>Adds an answer's message.</summary>
    public static void AddMessage(Reply result, JsonElement message)
    {
        result.AddThinking(message.Text("reasoning_content") ?? message.Text("reasoning"));
        ReadContent(result, message);
        result.AddText(message.Text("refusal"));
        foreach (JsonElement image in message.Items("images"))
        {
            result.AddImage(RequestImage.OfUrl(image.Object("image_url")?.Text("url") ?? "").MediaType); // OpenRouter
        }

        foreach (JsonElement call in message.Items("tool_calls"))
        {
            AddCall(result, call);
        }

        if (message.Object("function_call") is { } old)
        {
            result.AddCall(null, old.Text("name"), ReplyJson.Arguments(old.Get("arguments")));
        }
    }

    /// <summary>The chunks of a stream as the whole reply.</summary>
    public override JsonElement Assemble(IReadOnlyList<JsonElement> chunks)
    {
        var message = new JsonObject { ["role"] = "assistant" };
        var calls = new SortedDictionary<long, (string? Id, string Name, string Arguments)>();
        string? id = null, model = null, finish = null;
        var billed = new Dictionary<string, JsonElement>();
        var tools = new JsonArray();
        foreach (JsonElement chunk in chunks)
        {
            id ??= chunk.Text("id") is { Length: > 0 } first ? first : null;
            model ??= chunk.Text("model") is { Length: > 0 } named ? named : null;
            NoteBilled(billed, chunk);
            JsonElement choice = chunk.Items("choices").FirstOrDefault(choice => (choice.Count("index") ?? 0) == 0);
            finish = choice.Text("finish_reason") ?? finish;
            if (choice.Object("delta") is not { } delta)
            {
                continue;
            }

            foreach (JsonElement tool in delta.Items("executed_tools"))
            {
                tools.Add(JsonNode.Parse(tool.GetRawText()));
            }

            foreach (string name in (string[])["content", "reasoning_content", "reasoning", "refusal"])
            {
                if (delta.Text(name) is { } more)
                {
                    message[name] = (string?)message[name] + more;
                }
            }

            foreach (JsonElement call in delta.Items("tool_calls"))
            {
                long index = call.Count("index") ?? (call.Text("id") is null && calls.Count > 0 ? calls.Keys.Last() : calls.Count);
                (string? Id, string Name, string Arguments) known = calls.GetValueOrDefault(index, (null, "", ""));
                calls[index] = (
                    known.Id ?? call.Text("id"),
                    known.Name + call.Get("function")?.Text("name"),
                    known.Arguments + call.Get("function")?.Text("arguments"));
            }
        }

        message["tool_calls"] = new JsonArray(
        [
            .. calls.Values.Select(call => new JsonObject
            {
                ["id"] = call.Id,
                ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments },
            }),
        ]);
        message["executed_tools"] = tools;
        var reply = new JsonObject
        {
            ["id"] = id,
            ["model"] = model,
            ["choices"] = new JsonArray(new JsonObject { ["message"] = message, ["finish_reason"] = finish ?? Reply.CutOff }),
        };
        foreach ((string name, JsonElement value) in billed)
        {
            reply[name] = JsonNode.Parse(value.GetRawText());
        }

        return JsonSerializer.SerializeToElement(reply);
    }

    /// <summary>Of what is billed the last chunk that has it counts. Groq has the usage in a member of its own.</summary>
    private static void NoteBilled(Dictionary<string, JsonElement> billed, JsonElement chunk)
    {
        foreach (string name in ChatUsage.BilledMembers)
        {
            if (chunk.Get(name) is { } value)
            {
                billed[name] = value;
            }
        }

        if (chunk.Get("usage") is null && chunk.Object("x_groq")?.Object("usage") is { } usage)
        {
            billed["usage"] = usage;
        }
    }

    private static void AddCall(Reply result, JsonElement call)
    {
        if (call.Object("custom") is { } custom)
        {
            // Its input is free text; arguments are JSON.
            result.AddCall(call.Text("id"), custom.Text("name"), new JsonObject { ["input"] = custom.Text("input") }.ToJsonString());
        }
        else
        {
            result.AddCall(call.Text("id"), call.Get("function")?.Text("name"), ReplyJson.Arguments(call.Get("function", "arguments")));
        }
    }

    /// <summary>The content: one text, or, as Mistral gives it, a list of parts.</summary>
    private static void ReadContent(Reply result, JsonElement message)
    {
        foreach (JsonElement part in message.Items("content"))
        {
            if (part.ValueKind == JsonValueKind.String)
            {
                result.AddText(part.GetString());
            }
            else if (part.Is("type", "thinking"))
            {
                result.AddThinking(
                    string.Concat(
                        part.Items("thinking").Select(piece => piece.ValueKind == JsonValueKind.String ? piece.GetString() : piece.Text("text"))));
            }
            else
            {
                result.AddText(part.Text("text"));
            }
        }
    }
}
