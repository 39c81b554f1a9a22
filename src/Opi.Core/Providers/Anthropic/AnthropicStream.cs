using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>Makes the whole reply of the events of a stream. A delta of a kind that is not known is added to its block member by member.</summary>
internal static class AnthropicStream
{
    private const string Input = "input";

    private static readonly string[] Events =
        ["message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop", "ping"];

    /// <summary>The block that a delta belongs to when the event that began it is missing.</summary>
    private static readonly Dictionary<string, string> BlockOfDelta = new(StringComparer.Ordinal)
    {
        ["text_delta"] = "text",
        ["citations_delta"] = "text",
        ["thinking_delta"] = "thinking",
        ["signature_delta"] = "thinking",
        ["compaction_delta"] = "compaction",
    };

    public static bool IsEvent(JsonElement chunk) =>
        chunk.Get("type") is { ValueKind: JsonValueKind.String } type && Events.Contains(type.GetString());

    public static JsonElement Assemble(IReadOnlyList<JsonElement> events)
    {
        var message = new JsonObject { ["type"] = "message", ["role"] = "assistant", ["stop_reason"] = null };
        var usage = new JsonObject();
        var blocks = new SortedDictionary<long, JsonObject>();
        var inputs = new Dictionary<long, string>();
        foreach (JsonElement item in events)
        {
            long index = item.Count("index") ?? 0;
            switch (item.Text("type"))
            {
                case "message_start" when item.Object("message") is { } start:
                    Overlay(message, start, "type", "role", "content", "usage");
                    Overlay(usage, start.Object("usage"));
                    break;
                case "content_block_start" when item.Object("content_block") is { } block:
                    blocks[index] = ExtraMembers.ToObject(block);
                    break;
                case "content_block_delta" when item.Object("delta") is { } delta:
                    if (delta.Is("type", "input_json_delta"))
                    {
                        inputs[index] = inputs.GetValueOrDefault(index, "") + delta.Text("partial_json");
                    }
                    else if (BlockAt(blocks, index, delta) is { } grown)
                    {
                        Grow(grown, delta);
                    }

                    break;
                case "message_delta":
                    Overlay(message, item.Object("delta"));
                    Overlay(message, item, "type", "delta", "usage");
                    Overlay(usage, item.Object("usage"));
                    break;
            }
        }

        foreach ((long index, string input) in inputs.Where(input => input.Value.Length > 0 && blocks.ContainsKey(input.Key)))
        {
            // As the model wrote it, and whole only where the stream was. A block that goes back as it came needs the object itself.
            blocks[index][Input] = blocks[index].TextOf("type") != "tool_use" && ReplyJson.TryParse(input) is { } value
                ? ExtraMembers.ToNode(value)
                : input;
        }

        message["content"] = new JsonArray([.. blocks.Values]);
        message["stop_reason"] ??= Reply.CutOff;
        message["usage"] = usage.Count > 0 ? usage : null;
        return message.ToElement();
    }

    private static JsonObject? BlockAt(SortedDictionary<long, JsonObject> blocks, long index, JsonElement delta)
    {
        if (!blocks.TryGetValue(index, out JsonObject? block) && BlockOfDelta.TryGetValue(delta.Text("type") ?? "", out string? type))
        {
            block = new JsonObject { ["type"] = type };
            blocks[index] = block;
        }

        return block;
    }

    /// <summary>Texts grow, a citation joins the others, everything else takes the place of what was there.</summary>
    private static void Grow(JsonObject block, JsonElement delta)
    {
        foreach (JsonProperty member in delta.EnumerateObject())
        {
            if (member.Name == "type" || member.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (member.Name == "citation")
            {
                if (block["citations"] is not JsonArray citations)
                {
                    block["citations"] = citations = [];
                }

                citations.Add(ExtraMembers.ToNode(member.Value));
            }
            else if (member.Value.ValueKind == JsonValueKind.String)
            {
                block[member.Name] = block.TextOf(member.Name) + member.Value.GetString();
            }
            else
            {
                block[member.Name] = ExtraMembers.ToNode(member.Value);
            }
        }
    }

    /// <summary>Later values replace earlier ones, except null. Counts are sums.</summary>
    private static void Overlay(JsonObject target, JsonElement? later, params string[] but)
    {
        if (later is { ValueKind: JsonValueKind.Object } members)
        {
            foreach (JsonProperty member in members.EnumerateObject())
            {
                if (member.Value.ValueKind != JsonValueKind.Null && !but.Contains(member.Name))
                {
                    target[member.Name] = ExtraMembers.ToNode(member.Value);
                }
            }
        }
    }
}
