using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Opi;

/// <summary>Reads values of other programs' logs, where nothing is certain.</summary>
internal static class LogText
{
    /// <summary>A double holds whole numbers up to here; what is larger is not a count of tokens.</summary>
    private const long LargestCount = 1L << 53;

    /// <summary>20261124180203, and with milliseconds: a date, not a time since 1970.</summary>
    private const int DateDigits = 14;

    private const string Escapes = "\"\\/bfnrt";
    private const string Meanings = "\"\\/\b\f\n\r\t";

    /// <summary>The text of a string. Bytes that are not UTF-8, and invalid escapes, are kept as well as possible.</summary>
    public static string Read(JsonString text)
    {
        _ = TryRead(text, out string read);
        return read;
    }

    /// <summary>The same. False when an escape is invalid, so that the text is not what the writer meant.</summary>
    public static bool TryRead(JsonString text, out string read)
    {
        try
        {
            read = text.ToString();
            return true;
        }
        catch (Exception error) when (error is InvalidOperationException or JsonException)
        {
            read = Encoding.UTF8.GetString(text.Raw);
            return false;
        }
    }

    /// <summary>The text of a string as UTF-8, the same bytes for the same text.</summary>
    public static ReadOnlySpan<byte> Utf8(JsonString text) =>
        Ascii.IsValid(text.Raw) && !text.Raw.Contains((byte)'\\') ? text.Raw : Encoding.UTF8.GetBytes(Read(text));

    /// <summary>
    /// The text of a string for people to read. Lone surrogates and invalid escapes do not keep the rest from being decoded.
    /// </summary>
    public static string Decode(JsonString text)
    {
        if (TryRead(text, out string read))
        {
            return read;
        }

        var decoded = new StringBuilder(read.Length);
        for (int i = 0; i < read.Length; i++)
        {
            char next = read[i] == '\\' && i + 1 < read.Length ? read[i + 1] : '\0';
            if (next == 'u' && i + 5 < read.Length
                && ushort.TryParse(read.AsSpan(i + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit))
            {
                decoded.Append((char)unit);
                i += 5;
            }
            else if (Escapes.IndexOf(next, StringComparison.Ordinal) is >= 0 and var kind && next != '\0')
            {
                decoded.Append(Meanings[kind]);
                i++;
            }
            else
            {
                decoded.Append(read[i]);
            }
        }

        return decoded.ToString();
    }

    /// <summary>Reads a string into a field; another value is skipped, and the field stays.</summary>
    public static void Take(ref JsonCursor json, scoped ref JsonString value)
    {
        if (json.AtString())
        {
            value = json.ReadString();
        }
        else
        {
            json.Skip();
        }
    }

    /// <summary>
    /// A count of tokens: a whole number, also where it is written as 100.0 or 1e2; null is 0.
    /// </summary>
    /// <returns>False when it is not a count: a text, a fraction, less than 0, more than a double can count.</returns>
    public static bool TryReadTokens(ReadOnlySpan<byte> value, out long tokens)
    {
        tokens = 0;
        if (value.SequenceEqual("null"u8))
        {
            return true;
        }

        if (Utf8Parser.TryParse(value, out tokens, out int used) && used == value.Length)
        {
            return tokens is >= 0 and <= LargestCount;
        }

        tokens = 0;
        if (!Utf8Parser.TryParse(value, out double number, out used) || used != value.Length
            || number is not (>= 0 and <= LargestCount) || Math.Floor(number) != number)
        {
            return false;
        }

        tokens = (long)number;
        return true;
    }

    /// <summary>An amount of money; null when it is not a number.</summary>
    public static decimal? ReadMoney(ReadOnlySpan<byte> value) =>
        Utf8Parser.TryParse(value, out decimal amount, out int used) && used == value.Length ? amount
        : Utf8Parser.TryParse(value, out double number, out used) && used == value.Length && Math.Abs(number) < 1e15 ? (decimal)number
        : null;

    /// <summary>A time in a number since 1970; null when it is not one.</summary>
    public static DateTimeOffset? ReadUnixTime(ReadOnlySpan<byte> value) =>
        Utf8Parser.TryParse(value, out decimal number, out int used) && used == value.Length ? FromUnix(number) : null;

    /// <summary>
    /// A time since 1970. Its size shows the unit: seconds up to the year 5138, then milliseconds up to 9999, microseconds, nanoseconds. Agents have
    /// written several into one member.
    /// </summary>
    public static DateTimeOffset? FromUnix(decimal? number)
    {
        if (number is not { } value || value is <= 0 or >= 9_223_372_036_854_775_807m)
        {
            return null;
        }

        decimal ticks = value < 100_000_000_000m ? value * TimeSpan.TicksPerSecond
            : value < 253_402_300_800_000m ? value * TimeSpan.TicksPerMillisecond
            : value < 253_402_300_800_000_000m ? value * TimeSpan.TicksPerMicrosecond
            : value / TimeSpan.NanosecondsPerTick;
        return DateTimeOffset.UnixEpoch.AddTicks((long)ticks);
    }

    /// <summary>A time in ISO 8601, or in a number since 1970 that is written as a text; null when it is not one.</summary>
    public static DateTimeOffset? ReadTime(JsonString text)
    {
        ReadOnlySpan<byte> raw = text.Raw;

        // 2026-11-24T18:02:03.456Z, as nearly all logs have it.
        if (raw.Length is >= 20 and <= 28 && raw[^1] == 'Z' && (raw.Length == 20 || raw[19] == '.')
            && raw[4] == '-' && raw[7] == '-' && raw[10] == 'T' && raw[13] == ':' && raw[16] == ':'
            && Number(raw[..4], out int year) && Number(raw[5..7], out int month) && Number(raw[8..10], out int day)
            && Number(raw[11..13], out int hour) && Number(raw[14..16], out int minute) && Number(raw[17..19], out int second)
            && month is >= 1 and <= 12
                && year >= 1
                && day >= 1
                && day <= DateTime.DaysInMonth(year, month)
                && hour < 24
                && minute < 60
                && second < 60)
        {
            int ticks = 0;
            if (raw.Length == 20 || Number(raw[20..^1], out ticks))
            {
                for (int digits = Math.Max(0, raw.Length - 21); digits is > 0 and < 7; digits++)
                {
                    ticks *= 10;
                }

                return new DateTimeOffset(new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).AddTicks(ticks));
            }
        }

        return raw.Length is 0 or > 64 ? null
            : raw.Length is >= 10 and not DateDigits and not DateDigits + 3 && raw.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
                ? ReadUnixTime(raw)
            : WireTime.Parse(Read(text));
    }

    private static bool Number(ReadOnlySpan<byte> digits, out int value)
    {
        value = 0;
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + (digit - '0');
        }

        return true;
    }
}
