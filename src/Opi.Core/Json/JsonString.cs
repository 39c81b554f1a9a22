using System.Text;
using System.Text.Json;

namespace Opi;

/// <summary>A string as it stands in the bytes, between its quotes; checked, not yet unescaped.</summary>
internal readonly ref struct JsonString(ReadOnlySpan<byte> raw, bool escaped)
{
    private readonly ReadOnlySpan<byte> _raw = raw;
    private readonly bool _escaped = escaped;

    /// <summary>The bytes between the quotes.</summary>
    public ReadOnlySpan<byte> Raw => _raw;

    /// <summary>Whether the string reads as this text.</summary>
    public bool Is(ReadOnlySpan<byte> text) =>
        _escaped ? ToString() == Encoding.UTF8.GetString(text) : _raw.SequenceEqual(text);

    /// <summary>Whether the string reads as this text.</summary>
    public bool Is(string text)
    {
        if (_escaped)
        {
            return ToString() == text;
        }

        Span<byte> bytes = stackalloc byte[256];
        return Encoding.UTF8.TryGetBytes(text, bytes, out int length)
            ? _raw.SequenceEqual(bytes[..length])
            : ToString() == text;
    }

    /// <summary>The text.</summary>
    public override string ToString()
    {
        if (!_escaped)
        {
            return Encoding.UTF8.GetString(_raw);
        }

        byte[] quoted = new byte[_raw.Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        _raw.CopyTo(quoted.AsSpan(1));
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        return reader.GetString()!;
    }
}
