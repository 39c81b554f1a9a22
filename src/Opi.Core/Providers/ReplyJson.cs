using System.Text.Json;

namespace Opi;

/// <summary>Reads the JSON of a reply as it comes from PowerShell: a list of one may be its item, a member may be null, a count a double.</summary>
internal static class ReplyJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JsonCursor.MaxDepth };

    /// <summary>A member of an object; null when it is not there or is null.</summary>
    public static JsonElement? Get(this JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object
            && value.TryGetProperty(name, out JsonElement member)
            && member.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            ? member
            : null;

    /// <summary>A member of a member.</summary>
    public static JsonElement? Get(this JsonElement value, string name, string inner) => value.Get(name)?.Get(inner);

    public static JsonElement? Object(this JsonElement value, string name) =>
        value.Get(name) is { ValueKind: JsonValueKind.Object } member ? member : null;

    /// <summary>A member that is text; of another kind, its JSON.</summary>
    public static string? Text(this JsonElement value, string name) => value.Get(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => JsonHalves.TextOf(text),
        { } other => other.GetRawText(),
    };

    public static bool Is(this JsonElement value, string name, string text) =>
        value.Get(name) is { ValueKind: JsonValueKind.String } member && member.ValueEquals(text);

    /// <summary>The items of a list; a value that is not a list is a list of one.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement? value) => value switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        { } one => [one],
    };

    public static IEnumerable<JsonElement> Items(this JsonElement value, string name) => value.Get(name).Items();

    /// <summary>A count, which may be written with a decimal point; null when it is missing or not a count.</summary>
    public static long? Count(this JsonElement value, string name)
    {
        if (value.Get(name) is not { ValueKind: JsonValueKind.Number } number)
        {
            return null;
        }

        return number.TryGetInt64(out long count) ? Math.Max(0, count)
            : number.TryGetDouble(out double real) && Math.Floor(real) == real && real is >= 0 and < long.MaxValue ? (long)real
            : null;
    }

    public static long? Count(this JsonElement value, string name, string inner) => value.Object(name)?.Count(inner);

    /// <summary>Arguments of a tool as JSON text: text as it is, an object in JSON, nothing as {}.</summary>
    public static string Arguments(JsonElement? value) => value switch
    {
        null => "{}",
        { ValueKind: JsonValueKind.String } text => string.IsNullOrWhiteSpace(JsonHalves.TextOf(text)) ? "{}" : JsonHalves.TextOf(text),
        { } other => Compact(other),
    };

    /// <summary>A value without spaces, its members in their order.</summary>
    public static string Compact(JsonElement value)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (Utf8JsonWriter writer = SerdeJson.CreateWriter(buffer))
        {
            value.WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static JsonElement? TryParse(string text) => TryParse(JsonHalves.Mend(text), Options);

    /// <summary>The value of a text, with halves of surrogate pairs that are joined with others later; null when it is not JSON.</summary>
    public static JsonElement? TryParsePiece(string text) => TryParse(JsonHalves.Escape(text), Options);

    /// <summary>Whether a text is JSON, only that it nests deeper than can be read.</summary>
    public static bool NestsTooDeep(string text) => TryParse(JsonHalves.Mend(text), new JsonDocumentOptions { MaxDepth = int.MaxValue }) is not null;

    private static JsonElement? TryParse(string text, JsonDocumentOptions options)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, options);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
