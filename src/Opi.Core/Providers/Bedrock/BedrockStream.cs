using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>Makes the reply of Converse of the events of ConverseStream.</summary>
internal static class BedrockStream
{
    private const string Text = "text";
    private const string ToolUse = "toolUse";
    private const string ToolResult = "toolResult";
    private const string Reasoning = "reasoningContent";
    private const string ReasoningText = "reasoningText";
    private const string Redacted = "redactedContent";
    private const string Image = "image";
    private const string Content = "content";

    public static JsonElement Assemble(IEnumerable<JsonElement> events)
    {
        var reply = new JsonObject();
        var blocks = new SortedDictionary<long, JsonObject>();
        var inputs = new Dictionary<long, string>();
        string role = "assistant";
        foreach ((string name, JsonElement data) in events.Select(BedrockNames.EventIn).OfType<(string, JsonElement)>())
        {
            long index = data.Count(BedrockNames.BlockIndex) ?? 0;
            switch (name)
            {
                case BedrockNames.MessageStart:
                    role = data.Text("role") ?? role;
                    break;
                case BedrockNames.BlockStart when data.Object("start") is { } start:
                    blocks[index] = ExtraMembers.ToObject(start);
                    break;
                case BedrockNames.BlockDelta when data.Object("delta") is { } delta:
                    if (!blocks.TryGetValue(index, out JsonObject? block))
                    {
                        blocks[index] = block = [];
                    }

                    Grow(block, delta, more => inputs[index] = inputs.GetValueOrDefault(index, "") + more);
                    break;
                case BedrockNames.MessageStop or BedrockNames.Metadata:
                    foreach (JsonProperty member in data.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
                    {
                        reply[member.Name] = ExtraMembers.ToNode(member.Value);
                    }

                    break;
            }
        }

        foreach ((long index, string input) in inputs)
        {
            // As the model wrote it, and whole only where the stream was. What goes back as it came needs the object itself.
            JsonObject call = Member(blocks[index], ToolUse);
            call["input"] = call.TextOf("type") is not null && ReplyJson.TryParse(input) is { } value
                ? ExtraMembers.ToNode(value)
                : input;
        }

        reply["stopReason"] ??= Reply.CutOff;
        reply["output"] = new JsonObject
        {
            ["message"] = new JsonObject { ["role"] = role, [Content] = new JsonArray([.. blocks.Values.Where(block => block.Count > 0)]) },
        };
        return reply.ToElement();
    }

    private static void Grow(JsonObject block, JsonElement delta, Action<string?> addInput)
    {
        foreach (JsonProperty member in delta.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            switch (member.Name)
            {
                case Text when block["citationsContent"] is JsonObject cited:
                    AddText((JsonArray)cited[Content]!, member.Value.GetString());
                    break;
                case Text:
                    block[Text] = block.TextOf(Text) + member.Value.GetString();
                    break;
                case ToolUse:
                    _ = Member(block, ToolUse);
                    addInput(member.Value.Text("input"));
                    break;
                case ToolResult:
                    AddResult(List(Member(block, ToolResult), Content), member.Value);
                    break;
                case Reasoning:
                    GrowReasoning(Member(block, Reasoning), member.Value);
                    break;
                case "citation":
                    Cite(block, member.Value);
                    break;
                case Image when member.Value.Get("source", "bytes") is { ValueKind: JsonValueKind.String } bytes:
                    JsonObject source = Member(Member(block, Image), "source");
                    source["bytes"] = Joined(source.TextOf("bytes"), bytes.GetString()!);
                    break;
                default:
                    block[member.Name] = ExtraMembers.ToNode(member.Value);
                    break;
            }
        }
    }

    private static void GrowReasoning(JsonObject reasoning, JsonElement delta)
    {
        foreach (JsonProperty member in delta.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.String))
        {
            if (member.Name is Text or "signature")
            {
                JsonObject thinking = Member(reasoning, ReasoningText);
                thinking[member.Name] = thinking.TextOf(member.Name) + member.Value.GetString();
            }
            else
            {
                reasoning[member.Name] = Joined(reasoning.TextOf(member.Name), member.Value.GetString()!);
            }
        }
    }

    /// <summary>A citation makes of the text so far a text that is cited.</summary>
    private static void Cite(JsonObject block, JsonElement citation)
    {
        JsonObject cited = Member(block, "citationsContent");
        JsonArray content = List(cited, Content);
        if (block.TextOf(Text) is { } text)
        {
            block.Remove(Text);
            AddText(content, text);
        }

        List(cited, "citations").Add(ExtraMembers.ToNode(citation));
    }

    private static void AddResult(JsonArray content, JsonElement delta)
    {
        foreach (JsonElement item in ((JsonElement?)delta).Items())
        {
            if (item.Get(Text) is { ValueKind: JsonValueKind.String } text)
            {
                AddText(content, text.GetString());
            }
            else
            {
                content.Add(ExtraMembers.ToNode(item));
            }
        }
    }

    private static void AddText(JsonArray content, string? text)
    {
        if (content.Count > 0 && content[^1] is JsonObject last && last.TextOf(Text) is { } before)
        {
            last[Text] = before + text;
        }
        else
        {
            content.AddNode(new JsonObject { [Text] = text });
        }
    }

    private static JsonObject Member(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject member)
        {
            parent[name] = member = [];
        }

        return member;
    }

    private static JsonArray List(JsonObject parent, string name)
    {
        if (parent[name] is not JsonArray list)
        {
            parent[name] = list = [];
        }

        return list;
    }

    /// <summary>Base64 of the bytes of two base64 texts, one behind the other.</summary>
    private static string Joined(string? before, string more)
    {
        if (string.IsNullOrEmpty(before))
        {
            return more;
        }

        var first = new byte[before.Length];
        var second = new byte[more.Length];
        return Convert.TryFromBase64String(before, first, out int one) && Convert.TryFromBase64String(more, second, out int two)
            ? Convert.ToBase64String([.. first[..one], .. second[..two]])
            : before + more;
    }
}
