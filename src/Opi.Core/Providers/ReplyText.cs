using System.Text.Json;

namespace Opi;

/// <summary>Reads a reply that is text: JSON, server-sent events, or one JSON object a line.</summary>
internal static class ReplyText
{
    /// <summary>Stands among the events for the mark that ends a stream of OpenAI's protocol: <c>data: [DONE]</c>.</summary>
    public static readonly JsonElement Done = JsonSerializer.SerializeToElement(new { opi_done = true });

    /// <summary>Whether an event is <see cref="Done"/>.</summary>
    public static bool IsDone(JsonElement item) => item.Get("opi_done") is { ValueKind: JsonValueKind.True };

    /// <summary>The JSON that a text or its lines hold; null when the value is no text, and when the text is no JSON object or list.</summary>
    public static JsonElement? TryParse(JsonElement value)
    {
        string? text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Array when value.EnumerateArray().All(line => line.ValueKind == JsonValueKind.String) =>
                string.Join('\n', value.EnumerateArray().Select(line => line.GetString())),
            _ => null,
        };
        return text is not null && ReplyJson.TryParse(text.TrimStart('\uFEFF')) is { ValueKind: JsonValueKind.Object or JsonValueKind.Array } whole
            ? whole
            : null;
    }

    public static JsonElement Parse(string text)
    {
        string body = text.TrimStart('\uFEFF').Trim();
        if (ReplyJson.TryParse(body) is { } whole)
        {
            return whole.ValueKind == JsonValueKind.String ? throw NoReply(body) : whole;
        }

        string[] lines = [.. body.Split('\n').Select(line => line.TrimEnd('\r'))];
        IReadOnlyList<JsonElement>? parts = Array.Exists(lines, IsData) ? Events(lines) : ObjectOfEachLine(lines);
        return parts is not null && parts.Any(part => !IsDone(part)) ? JsonSerializer.SerializeToElement(parts) : throw NoReply(body);
    }

    private static bool IsData(string line) => line.StartsWith("data:", StringComparison.Ordinal);

    /// <summary>
    /// The data of the events. One event may have several data lines; where the blank lines between events were lost, an event ends where
    /// its data is whole.
    /// </summary>
    private static List<JsonElement> Events(string[] lines)
    {
        var events = new List<JsonElement>();
        string data = "";
        foreach (string line in lines.Append(""))
        {
            if (IsData(line))
            {
                data += (data.Length > 0 ? "\n" : "") + line["data:".Length..].TrimStart(' ');
                if (data.Trim() == "[DONE]")
                {
                    events.Add(Done);
                }
                else if (ReplyJson.TryParse(data) is not { } whole)
                {
                    continue;
                }
                else
                {
                    events.Add(whole);
                }
            }

            data = ""; // what is no JSON was cut off
        }

        return events;
    }

    private static List<JsonElement>? ObjectOfEachLine(string[] lines)
    {
        var objects = new List<JsonElement>();
        foreach (string line in lines.Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            if (ReplyJson.TryParse(line) is not { ValueKind: JsonValueKind.Object } item)
            {
                return null;
            }

            objects.Add(item);
        }

        return objects;
    }

    private static UnknownReplyException NoReply(string body)
    {
        string start = string.Join(' ', (body.Length > 60 ? body[..60] + "..." : body).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return new UnknownReplyException(
            $"The text is no reply of a model: it is neither JSON nor server-sent events (lines that begin with 'data:'). It begins with: {start}");
    }
}
