using System.Buffers;
using System.Text.Json;

namespace Opi;

/// <summary>The members of a reply that are billed, as JSON on one line that every reader takes.</summary>
internal static class ReplyExcerpt
{
    /// <summary>A usage that nests deeper is not usage.</summary>
    public const int MaxDepth = 32;

    /// <summary>What the writer was given, as an object.</summary>
    public static JsonElement Of(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (Utf8JsonWriter writer = SerdeJson.CreateWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return SerdeJson.Parse(buffer.WrittenSpan);
    }

    /// <summary>The excerpt as it is kept; null when it nests too deep to be kept in a line.</summary>
    public static string? Text(JsonElement excerpt) => IsDeeper(excerpt, MaxDepth) ? null : ReplyJson.Compact(excerpt);

    /// <summary>Writes a member as it is in the reply; a missing or null one is left out.</summary>
    public static void Copy(Utf8JsonWriter writer, JsonElement reply, string name)
    {
        if (reply.Get(name) is { } value)
        {
            WriteMember(writer, name, value);
        }
    }

    public static void WriteMember(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        JsonHalves.Mend(value).WriteTo(writer);
    }

    /// <summary>Writes a list of objects that have nothing but these members; an empty one is left out.</summary>
    public static void CopyList(Utf8JsonWriter writer, string name, IEnumerable<JsonElement> items, params string[] members) =>
        WriteList(writer, name, items, (to, item) => Array.ForEach(members, member => Copy(to, item, member)));

    /// <summary>Writes a list of objects; an empty one is left out.</summary>
    public static void WriteList(Utf8JsonWriter writer, string name, IEnumerable<JsonElement> items, Action<Utf8JsonWriter, JsonElement> write)
    {
        JsonElement[] all = [.. items];
        if (all.Length == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (JsonElement item in all)
        {
            writer.WriteStartObject();
            write(writer, item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>A value whose members have other names.</summary>
    /// <param name="value">The value.</param>
    /// <param name="nameOf">The name of a member, by its path with points between the names, and its own name.</param>
    public static JsonElement Renamed(JsonElement value, Func<string, string, string> nameOf)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (Utf8JsonWriter writer = SerdeJson.CreateWriter(buffer))
        {
            WriteRenamed(writer, value, "", nameOf);
        }

        return SerdeJson.Parse(buffer.WrittenSpan);
    }

    private static void WriteRenamed(Utf8JsonWriter writer, JsonElement value, string path, Func<string, string, string> nameOf)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    string name = nameOf(path, member.Name);
                    writer.WritePropertyName(name);
                    WriteRenamed(writer, member.Value, path.Length == 0 ? name : $"{path}.{name}", nameOf);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                {
                    WriteRenamed(writer, item, path, nameOf);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static bool IsDeeper(JsonElement value, int depth) => value.ValueKind switch
    {
        JsonValueKind.Object => depth == 0 || value.EnumerateObject().Any(member => IsDeeper(member.Value, depth - 1)),
        JsonValueKind.Array => depth == 0 || value.EnumerateArray().Any(item => IsDeeper(item, depth - 1)),
        _ => false,
    };
}
