using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Opi;

/// <summary>Writes JSON in the bytes that serde_json gives: no spaces, its escapes, its number forms, keys of free-form objects sorted.</summary>
internal static class SerdeJson
{
    private const int MaxTextAtOnce = 1 << 17;
    private const int SliceSize = 1 << 14;

    private static readonly JsonWriterOptions Options = new() { Encoder = SerdeEncoder.Instance, SkipValidation = true };

    public static Utf8JsonWriter CreateWriter(IBufferWriter<byte> output) => new(output, Options);

    /// <summary>
    /// Writes a text of any length. The framework's writer takes no more than some 160 million characters at once, and for a text to be escaped it
    /// rents six times its size, which the pool then keeps: a long one is escaped in slices.
    /// </summary>
    public static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string text)
    {
        if (text.Length <= MaxTextAtOnce)
        {
            writer.WriteString(name, text);
            return;
        }

        writer.WritePropertyName(name);
        writer.WriteRawValue(Escape(text), skipInputValidation: true);
    }

    /// <summary>A long text as JSON, in UTF-8.</summary>
    private static ReadOnlySpan<byte> Escape(string text)
    {
        var output = new ArrayBufferWriter<byte>(text.Length + (text.Length / 8));
        output.Write("\""u8);
        char[] escaped = new char[SliceSize * SerdeEncoder.Instance.MaxOutputCharactersPerInputCharacter];
        for (ReadOnlySpan<char> rest = text; !rest.IsEmpty;)
        {
            ReadOnlySpan<char> slice = rest[..Math.Min(rest.Length, SliceSize)];
            if (slice.Length < rest.Length && char.IsHighSurrogate(slice[^1]))
            {
                slice = slice[..^1]; // its other half is in the next slice
            }

            SerdeEncoder.Instance.Encode(slice, escaped, out _, out int written);
            Encoding.UTF8.GetBytes(escaped.AsSpan(0, written), output);
            rest = rest[slice.Length..];
        }

        output.Write("\""u8);
        return output.WrittenSpan;
    }

    public static string ToText(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (Utf8JsonWriter writer = CreateWriter(buffer))
        {
            WriteValue(writer, value);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads a free-form value, as deep as a line may nest.</summary>
    public static JsonElement Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth });
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>
    /// Writes a free-form value: object keys sorted by their UTF-8 bytes, the last of equal keys kept, as serde_json's map does.
    /// </summary>
    public static void WriteValue(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new SortedDictionary<string, JsonElement>(Utf8Order.Instance);
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    members[member.Name] = member.Value;
                }

                writer.WriteStartObject();
                foreach ((string name, JsonElement member) in members)
                {
                    writer.WritePropertyName(name);
                    WriteValue(writer, member);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                {
                    WriteValue(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(JsonHalves.TextOf(value));
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(NumberText(value.GetRawText()), skipInputValidation: true);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    /// <summary>
    /// A number as serde_json writes it after reading it: whole numbers of 64 bits as they are, all others as the shortest double, with a
    /// point or an exponent.
    /// </summary>
    internal static string NumberText(string number)
    {
        bool whole = number.AsSpan().IndexOfAny('.', 'e', 'E') < 0;
        if (
            whole
                && number != "-0"
                && (long.TryParse(number, CultureInfo.InvariantCulture, out _) || ulong.TryParse(number, CultureInfo.InvariantCulture, out _)))
        {
            return number;
        }

        // "E16" would add digits; "R" gives the shortest ones, in another layout: take its digits and its exponent.
        double value = double.Parse(number, CultureInfo.InvariantCulture);
        if (double.IsInfinity(value))
        {
            return number; // beyond a double: serde_json refuses it, and it is kept as it is
        }

        string shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        string sign = double.IsNegative(value) ? "-" : "";
        int mark = shortest.IndexOf('E', StringComparison.Ordinal);
        int exponent = mark < 0 ? 0 : int.Parse(shortest.AsSpan(mark + 1), CultureInfo.InvariantCulture);
        string mantissa = mark < 0 ? shortest : shortest[..mark];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        int scale = exponent + (point < 0 ? mantissa.Length : point);
        string digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        string significant = digits.TrimStart('0');
        scale -= digits.Length - significant.Length;
        significant = significant.TrimEnd('0');
        if (significant.Length == 0)
        {
            return sign + "0.0";
        }

        // scale: the place of the decimal point, counted from before the first digit.
        int count = significant.Length;
        return sign + scale switch
        {
            > 0 and <= 16 when count <= scale => significant + new string('0', scale - count) + ".0",
            > 0 and <= 16 => significant[..scale] + "." + significant[scale..],
            > -5 and <= 0 => "0." + new string('0', -scale) + significant,
            _ => significant[..1] + (count > 1 ? "." + significant[1..] : "") + "e" + (scale - 1).ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Orders strings by their UTF-8 bytes, which is by code point; UTF-16 order differs above U+FFFF.</summary>
    private sealed class Utf8Order : IComparer<string>
    {
        public static readonly Utf8Order Instance = new();

        public int Compare(string? x, string? y) =>
            Encoding.UTF8.GetBytes(x!).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y!));
    }
}
