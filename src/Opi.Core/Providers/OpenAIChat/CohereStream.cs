using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>Makes a whole reply of Cohere of the events of a streamed one (/v2/chat).</summary>
internal static class CohereStream
{
    private const string Start = "message-start";
    private const string End = "message-end";
    private const string Mark = "opi_cohere";

    private static readonly string[] Events =
    [
        Start, "content-start", "content-delta", "content-end", "tool-plan-delta", "tool-call-start", "tool-call-delta", "tool-call-end",
        "citation-start", "citation-end", End,
    ];

    /// <summary>Whether a value is an event of a stream of Cohere.</summary>
    public static bool IsEvent(JsonElement value) =>
        value.Get("choices") is null && value.Get("type") is { ValueKind: JsonValueKind.String } type && Events.Contains(type.GetString());

    public static bool IsStart(JsonElement value) => value.Is("type", Start);

    /// <summary>Whether a reply was made here: a stream that was cut off has no usage to recognise it by.</summary>
    public static bool IsAssembled(JsonElement reply) => reply.Get(Mark) is { ValueKind: JsonValueKind.True };

    /// <summary>The text that an event adds to the answer; null when it adds none.</summary>
    public static string? TextOf(JsonElement value) => value.Object("delta")?.Object("message")?.Object("content")?.Text("text");

    /// <summary>The reply that events make. One that was cut off has the finish reason <see cref="Reply.CutOff"/>.</summary>
    public static JsonElement Assemble(IReadOnlyList<JsonElement> events)
    {
        var message = new JsonObject { ["role"] = "assistant" };
        var blocks = new SortedDictionary<long, JsonObject>();
        var calls = new SortedDictionary<long, JsonObject>();
        var citations = new JsonArray();
        string plan = "";
        string? id = null;
        JsonElement last = default;
        foreach (JsonElement item in events)
        {
            JsonElement delta = item.Object("delta") ?? default;
            JsonElement more = delta.Object("message") ?? default;
            long place = item.Count("index") ?? 0;
            switch (item.Text("type"))
            {
                case Start:
                    id = item.Text("id");
                    ProviderJson.Merge(message, more, "content", "tool_calls", "tool_plan", "citations");
                    break;
                case End:
                    last = delta;
                    break;
                default:
                    plan += more.Text("tool_plan");
                    Grow(blocks, place, more.Object("content"));
                    Grow(calls, place, more.Object("tool_calls"));
                    foreach (JsonElement citation in more.Items("citations"))
                    {
                        citations.Add(ProviderJson.Node(citation));
                    }

                    break;
            }
        }

        Put("content", [.. blocks.Values]);
        Put("tool_calls", [.. calls.Values]);
        Put("citations", citations);
        if (plan.Length > 0)
        {
            message["tool_plan"] = plan;
        }

        var reply = new JsonObject
        {
            [Mark] = true,
            ["id"] = id,
            ["message"] = message,
            ["finish_reason"] = last.Text("finish_reason") ?? Reply.CutOff,
        };
        if (last.Get("usage") is { } usage)
        {
            reply["usage"] = ProviderJson.Node(usage);
        }

        if (last.Get("error") is { } error)
        {
            reply["error"] = ProviderJson.Node(error);
        }

        return reply.ToElement();

        void Put(string name, JsonArray items)
        {
            if (items.Count > 0)
            {
                message[name] = items;
            }
        }
    }

    private static void Grow(SortedDictionary<long, JsonObject> items, long place, JsonElement? piece)
    {
        if (piece is { } more)
        {
            if (!items.TryGetValue(place, out JsonObject? item))
            {
                items[place] = item = [];
            }

            Append(item, more);
        }
    }

    /// <summary>A text is continued; id, type and name come once.</summary>
    private static void Append(JsonObject into, JsonElement more)
    {
        foreach (JsonProperty member in more.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            if (member.Value.ValueKind == JsonValueKind.Object && into[member.Name] is JsonObject inner)
            {
                Append(inner, member.Value);
            }
            else if (member.Value.ValueKind == JsonValueKind.String && member.Name is "text" or "thinking" or "arguments"
                && into[member.Name] is JsonValue known)
            {
                into[member.Name] = (string?)known + member.Value.GetString();
            }
            else
            {
                into[member.Name] = ProviderJson.Node(member.Value);
            }
        }
    }
}
