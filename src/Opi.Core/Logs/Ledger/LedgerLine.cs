using System.Buffers.Binary;

namespace Opi;

/// <summary>A line of the ledger, as long as it is in the reader's buffer.</summary>
/// <param name="row">What it says.</param>
/// <param name="rank">Whether it counts before others of the same response.</param>
/// <param name="text">The line itself, without its LF and without a byte order mark.</param>
internal readonly ref struct LedgerLine(OpiUsage row, LedgerRank rank, ReadOnlySpan<byte> text)
{
    private const ulong Prime = 0x9E3779B97F4A7C15;

    /// <summary>What it says.</summary>
    public OpiUsage Row { get; } = row;

    /// <summary>Whether it counts before others of the same response.</summary>
    public LedgerRank Rank { get; } = rank;

    /// <summary>The line itself.</summary>
    public ReadOnlySpan<byte> Text { get; } = text;

    /// <summary>A number made of all bytes of a line, the same on every machine.</summary>
    public static ulong FingerprintOf(ReadOnlySpan<byte> text)
    {
        ulong hash = (ulong)text.Length * Prime;
        for (; text.Length >= sizeof(ulong); text = text[sizeof(ulong)..])
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text));
        }

        foreach (byte last in text)
        {
            hash = Mix(hash ^ last);
        }

        return hash;
    }

    private static ulong Mix(ulong value)
    {
        value *= Prime;
        return value ^ (value >> 29);
    }
}
