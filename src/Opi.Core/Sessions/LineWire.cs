using System.Text.Json;

namespace Opi;

/// <summary>A line of a session file in the form of the file's version.</summary>
internal static class LineWire
{
    public static void Write(Utf8JsonWriter writer, SessionEntry entry, int version)
    {
        if (version == 1)
        {
            EntryWire.Write(writer, entry);
        }
        else
        {
            EnvelopeWire.Write(writer, entry);
        }
    }

    /// <exception cref="WireException">The line is corrupt; the message is the reason.</exception>
    public static SessionEntry Read(ReadOnlySpan<byte> line, int version) =>
        EntryWire.Read(version == 1 ? line : EnvelopeWire.Unwrap(line, out _));

    /// <exception cref="WireException">The line is corrupt; the message is the reason.</exception>
    public static void Inspect(ReadOnlySpan<byte> line, int version, ref EntryFacts facts)
    {
        if (version == 1)
        {
            EntryWire.Inspect(line, ref facts);
        }
        else
        {
            EnvelopeWire.Inspect(line, ref facts);
        }
    }
}
