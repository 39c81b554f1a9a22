using System.Buffers.Text;
using System.Text;

namespace Opi;

/// <summary>
/// The bytes of a catalogue. It is lines of fields with tabs between them; the first field says what the line is. A field that is empty is
/// not known. There is nothing in it to escape, so that the first price of a process needs no JSON: most of that time is the just-in-time
/// compiler's, and each method and each generic type costs.
/// </summary>
internal static class CatalogText
{
    /// <summary>The first line: the format.</summary>
    public const string Header = "opi prices\t2";

    /// <summary>A source: its name, its date, its licence.</summary>
    public const byte SourceLine = (byte)'S';

    /// <summary>A name that is in use without its provider, and the provider.</summary>
    public const byte BareNameLine = (byte)'B';

    /// <summary>A provider: its id, whether it is a gateway, its fallbacks, the rules for its names and for its models' names.</summary>
    public const byte ProviderLine = (byte)'P';

    /// <summary>A model of the last provider: its id, its source, window, most output, its rule, its other names.</summary>
    public const byte ModelLine = (byte)'M';

    /// <summary>A price of the last model.</summary>
    public const byte PriceLine = (byte)'$';

    /// <summary>A tier of the last price: its rate, its size, its prices.</summary>
    public const byte TierLine = (byte)'T';

    public static int LineEnd(byte[] bytes, int at)
    {
        int end = Array.IndexOf(bytes, (byte)'\n', at);
        return end < 0 ? bytes.Length : end;
    }

    public static int FieldEnd(byte[] bytes, int at, int lineEnd)
    {
        while (at < lineEnd && bytes[at] != (byte)'\t')
        {
            at++;
        }

        return at;
    }

    /// <summary>Moves to the next field, and gives the one before it as text.</summary>
    public static string Text(byte[] bytes, ref int at, int lineEnd)
    {
        int end = FieldEnd(bytes, at, lineEnd);
        string text = end == at ? "" : Encoding.UTF8.GetString(bytes, at, end - at);
        at = end + 1;
        return text;
    }

    /// <summary>Moves to the next field, and gives the one before it as an amount; null when it is empty.</summary>
    /// <exception cref="FormatException">It is not an amount.</exception>
    public static decimal? Amount(byte[] bytes, ref int at, int lineEnd)
    {
        int start = at;
        int end = FieldEnd(bytes, at, lineEnd);
        at = end + 1;
        if (end <= start)
        {
            return null;
        }

        return Utf8Parser.TryParse(new ReadOnlySpan<byte>(bytes, start, end - start), out decimal amount, out int used) && used == end - start
            ? amount
            : throw new FormatException("a price is not a number");
    }

    /// <summary>Moves to the next field, and gives the one before it as a count; -1 when it is empty.</summary>
    /// <exception cref="FormatException">It is not a count.</exception>
    public static long Count(byte[] bytes, ref int at, int lineEnd)
    {
        int start = at;
        int end = FieldEnd(bytes, at, lineEnd);
        at = end + 1;
        if (end <= start)
        {
            return -1;
        }

        return Utf8Parser.TryParse(new ReadOnlySpan<byte>(bytes, start, end - start), out long count, out int used) && used == end - start
            ? count
            : throw new FormatException("a count is not a number");
    }

    /// <summary>Where a line that begins with these bytes begins; -1 when there is none.</summary>
    /// <param name="bytes">The catalogue.</param>
    /// <param name="beginning">The line's beginning, with the line feed before it.</param>
    /// <param name="from">Where to look from.</param>
    public static int FindLine(byte[] bytes, byte[] beginning, int from)
    {
        int at = new ReadOnlySpan<byte>(bytes, from, bytes.Length - from).IndexOf(beginning);
        return at < 0 ? -1 : from + at + 1;
    }
}
