using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Opi;

/// <summary>The bytes of a string between its quotes; checked, not yet unescaped.</summary>
internal readonly ref struct JsonString(ReadOnlySpan<byte> raw, bool escaped)
{
    private readonly ReadOnlySpan<byte> _raw = raw;
    private readonly bool _escaped = escaped;

    public ReadOnlySpan<byte> Raw => _raw;

    /// <summary>Whether the string is this text. One with an invalid escape, as in other programs' logs, equals no text.</summary>
    public bool Is(ReadOnlySpan<byte> text) => _escaped ? IsEscaped(text) : _raw.SequenceEqual(text);

    public bool Is(string text)
    {
        Span<byte> bytes = stackalloc byte[256];
        return Is(Encoding.UTF8.TryGetBytes(text, bytes, out int length) ? bytes[..length] : Encoding.UTF8.GetBytes(text));
    }

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

    private bool IsEscaped(ReadOnlySpan<byte> text)
    {
        Span<byte> utf8 = stackalloc byte[4];
        for (int at = 0, used; at < _raw.Length; at += used)
        {
            int length = used = 1;
            utf8[0] = _raw[at];
            if (_raw[at] == (byte)'\\')
            {
                if (!TryUnescape(_raw[at..], out Rune rune, out used))
                {
                    return false;
                }

                length = rune.EncodeToUtf8(utf8);
            }

            if (!text.StartsWith(utf8[..length]))
            {
                return false;
            }

            text = text[length..];
        }

        return text.IsEmpty;
    }

    /// <summary>Reads the escape at the start. False when it is not one.</summary>
    private static bool TryUnescape(ReadOnlySpan<byte> at, out Rune rune, out int used)
    {
        (rune, used) = (default, 2);
        switch (at.Length > 1 ? (char)at[1] : '\0')
        {
            case '"' or '\\' or '/':
                rune = new Rune((char)at[1]);
                return true;
            case 'b':
                rune = new Rune('\b');
                return true;
            case 'f':
                rune = new Rune('\f');
                return true;
            case 'n':
                rune = new Rune('\n');
                return true;
            case 'r':
                rune = new Rune('\r');
                return true;
            case 't':
                rune = new Rune('\t');
                return true;
            case 'u' when TryReadUnit(at, out char unit):
                used = 6;
                if (char.IsHighSurrogate(unit) && TryReadUnit(at[6..], out char low))
                {
                    used = 12;
                    return Rune.TryCreate(unit, low, out rune);
                }

                return Rune.TryCreate(unit, out rune);
            default:
                return false;
        }
    }

    private static bool TryReadUnit(ReadOnlySpan<byte> at, out char unit)
    {
        unit = default;
        if (at.Length < 6 || at[0] != (byte)'\\' || at[1] != (byte)'u'
            || !Utf8Parser.TryParse(at[2..6], out ushort value, out int used, 'x') || used != 4)
        {
            return false;
        }

        unit = (char)value;
        return true;
    }
}
