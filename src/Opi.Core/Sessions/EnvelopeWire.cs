using System.Buffers;
using System.Text.Json;

namespace Opi;

/// <summary>
/// The wire form of entries, format version 2: an envelope that says whether a reader may skip what it does not know. Nothing else may be
/// skipped: a version 2 file with one bad line is refused as a whole.
/// </summary>
internal static class EnvelopeWire
{
    private static readonly WireFields Fields = WireFields.Of([Field.Classification, Field.Entry]);

    private enum Field
    {
        Classification,
        Entry,
    }

    /// <summary>Writes an entry in its envelope. The keys of the inner object are sorted at all depths.</summary>
    public static void Write(Utf8JsonWriter writer, SessionEntry entry)
    {
        var inner = new ArrayBufferWriter<byte>();
        using (Utf8JsonWriter innerWriter = SerdeJson.CreateWriter(inner))
        {
            EntryWire.Write(innerWriter, entry);
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, "entry"u8);
        writer.WriteString("classification"u8, IsObservation(entry.Type) ? "ignorable_observation"u8 : "required"u8);
        writer.WritePropertyName("entry"u8);
        SerdeJson.WriteValue(writer, SerdeJson.Parse(inner.WrittenSpan));
        writer.WriteEndObject();
    }

    /// <summary>Checks a line and notes the facts of the entry in it.</summary>
    /// <exception cref="WireException">The file is to be refused; the message is the reason.</exception>
    public static void Inspect(ReadOnlySpan<byte> line, ref EntryFacts facts)
    {
        ReadOnlySpan<byte> entry = Unwrap(line, out bool ignorable);
        EntryWire.Inspect(entry, ref facts);
        bool known = facts.Type != EntryType.Unknown && !IsObservation(facts.Type);
        if (known && ignorable)
        {
            throw new WireException($"an entry of the known type '{EntryWire.TypeName(facts.Type)}' that is marked as ignorable");
        }

        if (!known && !ignorable)
        {
            throw new WireException(
                $"an entry of the unknown type '{MessageWire.FindTag(new JsonCursor(entry), "type"u8).ToString()}' that is marked as required");
        }
    }

    /// <summary>Whether entries of the type are Opi's own, so that their lines must say that opi may skip them.</summary>
    private static bool IsObservation(EntryType type) => 
        type is EntryType.CompactionFailure or EntryType.ToolResultsCleared or EntryType.Pin;

    /// <summary>The entry in an envelope.</summary>
    /// <exception cref="WireException">The line is not an envelope.</exception>
    public static ReadOnlySpan<byte> Unwrap(ReadOnlySpan<byte> line, out bool ignorable)
    {
        if (!System.Text.Unicode.Utf8.IsValid(line))
        {
            throw new WireException(EntryWire.NotUtf8);
        }

        var json = new JsonCursor(line);
        JsonString type = MessageWire.FindTag(json, "type"u8);
        if (!type.Is("entry"u8))
        {
            throw new WireException($"expected an envelope of type 'entry', found '{type.ToString()}'");
        }

        var fields = new FieldReader(Fields);
        ReadOnlySpan<byte> entry = default;
        JsonString classification = default;
        json.BeginObject();
        while (fields.Next(ref json, out int field))
        {
            switch ((Field)field)
            {
                case Field.Classification:
                    classification = json.ReadString();
                    break;
                case Field.Entry:
                    entry = json.Skip();
                    break;
            }
        }

        json.End();
        fields.Require();
        ignorable = classification.Is("ignorable_observation"u8);
        return ignorable || classification.Is("required"u8)
            ? entry
            : throw new WireException($"unknown classification '{classification.ToString()}'");
    }
}
