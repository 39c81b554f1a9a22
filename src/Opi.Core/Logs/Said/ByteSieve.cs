using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Opi;

/// <summary>
/// Finds in raw bytes the places where a text may be, however JSON writes it: as its own bytes, or with escapes. A line without such a
/// place does not have the text, at any level of encoding; one with such a place is decoded and searched.
/// </summary>
internal sealed class ByteSieve
{
    private const int Width = 32;

    private readonly SieveRun? _run;
    private readonly SieveByte[] _bytes;
    private readonly SieveProbe _probe;

    /// <summary>Makes a sieve.</summary>
    /// <param name="text">A text that every hit has; empty where none is known, so that every line may have one.</param>
    /// <param name="caseSensitive">Whether upper and lower case differ.</param>
    public ByteSieve(string text, bool caseSensitive)
    {
        _run = SieveRun.Of(text, caseSensitive);
        _bytes = _run?.Bytes ?? [];
        _probe = _run is null ? default : new SieveProbe(_run);
    }

    /// <summary>Whether every line may have a hit, so that all have to be read.</summary>
    public bool TakesAll => _run is null;

    /// <summary>Whether bytes may have the text.</summary>
    public bool Takes(ReadOnlySpan<byte> bytes) => Next(bytes, 0) >= 0;

    /// <summary>The next place that may be part of a hit; -1 when there is none.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="from">Where to begin.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Next(ReadOnlySpan<byte> bytes, int from)
    {
        if (_run is null)
        {
            return from < bytes.Length ? from : -1;
        }

        SieveProbe probe = _probe;
        int at = from;
        int last = bytes.Length - Width - probe.Reach;
        ref byte start = ref MemoryMarshal.GetReference(bytes);
        for (; at <= last - (3 * Width); at += 4 * Width)
        {
            // One branch for all four: nearly always there is none, so that the processor guesses it right.
            Vector256<byte> any = probe.Places(ref start, at) | probe.Places(ref start, at + Width)
                | probe.Places(ref start, at + (2 * Width)) | probe.Places(ref start, at + (3 * Width));
            if (any != Vector256<byte>.Zero && FirstOf(bytes, at, at + (3 * Width)) is >= 0 and var place)
            {
                return place;
            }
        }

        if (FirstOf(bytes, at, last) is >= 0 and var found)
        {
            return found;
        }

        at += at <= last ? (((last - at) / Width) + 1) * Width : 0;
        for (; at < bytes.Length; at++)
        {
            if (IsPlace(bytes, at))
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>The first place in the vectors that begin between two places; -1 when there is none.</summary>
    private int FirstOf(ReadOnlySpan<byte> bytes, int from, int to)
    {
        ref byte start = ref MemoryMarshal.GetReference(bytes);
        for (int at = from; at <= to; at += Width)
        {
            for (uint bits = _probe.Places(ref start, at).ExtractMostSignificantBits(); bits != 0; bits &= bits - 1)
            {
                int place = at + BitOperations.TrailingZeroCount(bits);
                if (IsPlace(bytes, place))
                {
                    return place;
                }
            }
        }

        return -1;
    }

    private bool IsPlace(ReadOnlySpan<byte> bytes, int place) => IsEscape(bytes, place) || IsRun(bytes, place);

    private bool IsRun(ReadOnlySpan<byte> bytes, int place)
    {
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

    /// <summary>Whether there is an escape here that may encode a part of the text.</summary>
    private bool IsEscape(ReadOnlySpan<byte> bytes, int place) =>
        JsonUnit.Read(bytes, place) is >= 0 and var unit && _run!.MayBeSpelled(unit) && _run.MayGoOn(bytes, place + JsonUnit.Length, unit);
}
