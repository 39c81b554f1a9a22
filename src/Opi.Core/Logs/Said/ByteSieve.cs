using System.Buffers.Text;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Opi;

/// <summary>
/// Finds in raw bytes the places where a text may stand, however JSON spells it: as its own bytes, or with escapes. A line without such a
/// place does not have the text, whatever is encoded within what; one with such a place is decoded and searched.
/// </summary>
internal sealed class ByteSieve
{
    private const int Width = 32;
    private const int EscapeLength = 6;

    private readonly SieveRun? _run;
    private readonly SieveByte[] _bytes;

    /// <summary>Makes a sieve.</summary>
    /// <param name="text">A text that every hit has; empty where none is known, so that every line may have one.</param>
    /// <param name="caseSensitive">Whether upper and lower case differ.</param>
    public ByteSieve(string text, bool caseSensitive)
    {
        _run = SieveRun.Of(text, caseSensitive);
        _bytes = _run?.Bytes ?? [];
    }

    /// <summary>Whether every line may have a hit, so that all have to be read.</summary>
    public bool TakesAll => _run is null;

    /// <summary>Whether bytes may have the text.</summary>
    public bool Takes(ReadOnlySpan<byte> bytes) => Next(bytes, 0) >= 0;

    /// <summary>The next place that may be part of a hit; -1 where there is none.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="from">Where to begin.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Next(ReadOnlySpan<byte> bytes, int from)
    {
        if (_run is not { } run)
        {
            return from < bytes.Length ? from : -1;
        }

        int at = from;
        int last = bytes.Length - Width - Math.Max(run.Second, 1);
        if (at <= last)
        {
            ref byte start = ref MemoryMarshal.GetReference(bytes);
            Vector256<byte> first = Vector256.Create(_bytes[run.First].One), firstOther = Vector256.Create(_bytes[run.First].Other);
            Vector256<byte> second = Vector256.Create(_bytes[run.Second].One), secondOther = Vector256.Create(_bytes[run.Second].Other);
            Vector256<byte> backslash = Vector256.Create((byte)'\\'), u = Vector256.Create((byte)'u');
            for (; at <= last; at += Width)
            {
                Vector256<byte> one = Vector256.LoadUnsafe(ref start, (nuint)(at + run.First));
                Vector256<byte> two = Vector256.LoadUnsafe(ref start, (nuint)(at + run.Second));
                Vector256<byte> raw = (Vector256.Equals(one, first) | Vector256.Equals(one, firstOther))
                    & (Vector256.Equals(two, second) | Vector256.Equals(two, secondOther));
                Vector256<byte> escape = Vector256.Equals(Vector256.LoadUnsafe(ref start, (nuint)at), backslash)
                    & Vector256.Equals(Vector256.LoadUnsafe(ref start, (nuint)(at + 1)), u);
                for (uint bits = (raw | escape).ExtractMostSignificantBits(); bits != 0; bits &= bits - 1)
                {
                    int place = at + BitOperations.TrailingZeroCount(bits);
                    if (IsPlace(bytes, place))
                    {
                        return place;
                    }
                }
            }
        }

        for (; at < bytes.Length; at++)
        {
            if (IsPlace(bytes, at))
            {
                return at;
            }
        }

        return -1;
    }

    private bool IsPlace(ReadOnlySpan<byte> bytes, int place)
    {
        if (bytes[place] == (byte)'\\' && IsEscape(bytes[place..]))
        {
            return true;
        }

        if (bytes.Length - place < _bytes.Length)
        {
            return false;
        }

        for (int i = 0; i < _bytes.Length; i++)
        {
            if (!_bytes[i].Is(bytes[place + i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether an escape stands here that may spell a part of the text.</summary>
    private bool IsEscape(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= EscapeLength
        && bytes[1] == (byte)'u'
        && Utf8Parser.TryParse(bytes[2..EscapeLength], out ushort unit, out int used, 'x')
        && used == EscapeLength - 2
        && _run!.MayBeSpelled(unit);
}
