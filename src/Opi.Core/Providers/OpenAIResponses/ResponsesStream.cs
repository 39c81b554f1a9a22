using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Makes a whole reply of the events of a streamed one. The last event has it; where the stream was cut off, or a server leaves the output
/// out of it, it is made of the items, and of the pieces of those that did not end.
/// </summary>
internal sealed class ResponsesStream
{
    private readonly SortedDictionary<long, JsonObject> _items = [];
    private readonly Dictionary<string, long> _places = new(StringComparer.Ordinal);

    public static JsonElement Assemble(IReadOnlyList<JsonElement> events)
    {
        JsonElement? last = events.Select(item => item.Object("response")).LastOrDefault(response => response is not null);
        var reply = new JsonObject { ["object"] = "response" };
        if (last is { } known)
        {
            ProviderJson.Merge(reply, known);
        }

        if (last is null || last.Value.Text("status") is null or "queued" or "in_progress")
        {
            reply["status"] = "cancelled";
        }

        if (last?.Items("output").Any() != true)
        {
            var stream = new ResponsesStream();
            foreach (JsonElement one in events)
            {
                stream.Add(one);
            }

            reply["output"] = new JsonArray([.. stream._items.Values]);
        }

        return reply.ToElement();
    }

    private void Add(JsonElement one)
    {
        string type = one.Text("type") ?? "";
        if (type is "response.output_item.added" or "response.output_item.done" && one.Object("item") is { } item)
        {
            var known = new JsonObject();
            // What is encrypted is whole only when the item is done.
            ProviderJson.Merge(known, item, type == "response.output_item.added" ? ["encrypted_content"] : []);
            long place = PlaceOf(one, item.Text("id"));
            _items[place] = known;
            return;
        }

        if (one.Text("delta") is not { Length: > 0 } delta || !type.EndsWith(".delta", StringComparison.Ordinal))
        {
            return;
        }

        switch (type)
        {
            case "response.output_text.delta":
                Append(Part(one, "message", "content", one.Count("content_index"), "output_text"), "text", delta);
                break;
            case "response.refusal.delta":
                Append(Part(one, "message", "content", one.Count("content_index"), "refusal"), "refusal", delta);
                break;
            case "response.reasoning_summary_text.delta":
                Append(Part(one, "reasoning", "summary", one.Count("summary_index"), "summary_text"), "text", delta);
                break;
            case "response.reasoning_text.delta":
                Append(Part(one, "reasoning", "content", one.Count("content_index"), "reasoning_text"), "text", delta);
                break;
            case "response.function_call_arguments.delta" or "response.mcp_call_arguments.delta":
                Append(Item(one, "function_call"), "arguments", delta);
                break;
            case "response.custom_tool_call_input.delta":
                Append(Item(one, "custom_tool_call"), "input", delta);
                break;
            case "response.code_interpreter_call_code.delta":
                Append(Item(one, "code_interpreter_call"), "code", delta);
                break;
        }
    }

    private static void Append(JsonObject into, string name, string delta) => into[name] = (string?)into[name] + delta;

    private long PlaceOf(JsonElement one, string? id)
    {
        long place = one.Count("output_index") ?? (id is not null && _places.TryGetValue(id, out long known) ? known : _items.Count);
        if (id is not null)
        {
            _places[id] = place;
        }

        return place;
    }

    private JsonObject Item(JsonElement one, string type)
    {
        long place = PlaceOf(one, one.Text("item_id"));
        if (!_items.TryGetValue(place, out JsonObject? item))
        {
            _items[place] = item = new JsonObject { ["type"] = type };
        }

        return item;
    }

    private JsonObject Part(JsonElement one, string itemType, string list, long? index, string partType)
    {
        JsonObject item = Item(one, itemType);
        if (item[list] is not JsonArray parts)
        {
            item[list] = parts = [];
        }

        if (parts.Count <= (index ?? 0))
        {
            parts.AddNode(new JsonObject { ["type"] = partType });
        }

        return parts[(int)Math.Min(index ?? 0, parts.Count - 1)] as JsonObject ?? [];
    }
}
