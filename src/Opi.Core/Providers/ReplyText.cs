using System.Text.Json;

namespace Opi;

/// <summary>Reads a reply that is text: JSON, server-sent events, or one JSON object a line.</summary>
internal static class ReplyText
{
    /// <summary>The event for the mark that ends a stream of OpenAI's protocol: <c>data: [DONE]</c>.</summary>
    public static readonly JsonElement Done = SerdeJson.Parse("""{"opi_done":true}"""u8);

    public static bool IsDone(JsonElement item) => item.Get("opi_done") is { ValueKind: JsonValueKind.True };

    /// <summary>The JSON that a text or its lines hold; null when the value is not text, and when the text is not a JSON object or list.</summary>
    public static JsonElement? TryParse(JsonElement value)
    {
        string? text = value.ValueKind switch
        {
            JsonValueKind.String => JsonHalves.TextOf(value),
            JsonValueKind.Array when value.EnumerateArray().All(line => line.ValueKind == JsonValueKind.String) =>
                string.Join('\n', value.EnumerateArray().Select(JsonHalves.TextOf)),
            _ => null,
        };
        return text is not null && ReplyJson.TryParse(text.TrimStart('\uFEFF')) is { ValueKind: JsonValueKind.Object or JsonValueKind.Array } whole
            ? whole
            : null;
    }

    /// <summary>The reply that a text holds; of a stream, its events.</summary>
    /// <exception cref="UnknownReplyException">It is not JSON, or nests too deep.</exception>
    public static JsonElement Parse(string text)
    {
        string body = text.TrimStart('\uFEFF').Trim();
        if (ReplyJson.TryParsePiece(body) is { } whole)
        {
            return whole.ValueKind == JsonValueKind.String ? throw NoReply(body) : whole;
        }

        string[] lines = [.. body.Split('\n').Select(line => line.TrimEnd('\r'))];
        IReadOnlyList<JsonElement>? parts = Array.Exists(lines, IsData) ? Events(lines) : ObjectOfEachLine(lines);
        return parts is not null && parts.Any(part => !IsDone(part)) ? JsonHalves.ListOf(parts) : throw NoReply(body);
    }

    /// <summary>The objects that texts hold, one each, over any number of lines; null when one of them holds something else.</summary>
    public static IReadOnlyList<JsonElement>? ObjectOfEach(IEnumerable<string> texts) =>
        ObjectOfEachLine([.. texts.Select(text => text.TrimStart('\uFEFF'))]);

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
                else if (ReplyJson.TryParsePiece(data) is not { } whole)
                {
                    continue;
                }
                else
                {
                    events.Add(whole);
                }
            }

            data = ""; // what is not JSON was cut off
        }

        return events;
    }

    private static List<JsonElement>? ObjectOfEachLine(string[] lines)
    {
        var objects = new List<JsonElement>();
        foreach (string line in lines.Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            if (ReplyJson.TryParsePiece(line) is not { ValueKind: JsonValueKind.Object } item)
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
        string why = body.Length == 0 ? "it is empty"
            : body[0] is '{' or '[' && ReplyJson.NestsTooDeep(body) ? $"its JSON nests deeper than {JsonCursor.MaxDepth} levels"
            : body[0] == '"' && ReplyJson.TryParse(body) is not null ? "it is JSON in a JSON string: turn it into JSON once less"
            : body[0] == '<' ? "it is HTML or XML, as a proxy or a wrong address gives it"
            : "it is neither JSON nor server-sent events (lines that begin with 'data:')";
        return new UnknownReplyException($"The text is not a reply of a model: {why}.{(start.Length > 0 ? $" It begins with: {start}" : "")}");
    }
}
