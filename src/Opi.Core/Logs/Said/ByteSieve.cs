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
    private const int EscapeLength = 6;

    private static readonly sbyte[] HexDigits = MakeHexDigits();

    private readonly bool _isAscii;
    private readonly bool _isPlain; // letters, digits and what comes after them in ASCII
    private readonly SieveRun? _run;
    private readonly SieveByte[] _bytes;

    /// <summary>Makes a sieve.</summary>
    /// <param name="text">A text that every hit has; empty where none is known, so that every line may have one.</param>
    /// <param name="caseSensitive">Whether upper and lower case differ.</param>
    public ByteSieve(string text, bool caseSensitive)
    {
        _run = SieveRun.Of(text, caseSensitive);
        _bytes = _run?.Bytes ?? [];
        _isAscii = Array.TrueForAll(_bytes, value => value.One < 0x80);
        _isPlain = Array.TrueForAll(_bytes, value => value.One is >= (byte)'0' and < 0x80 && value.Other is >= (byte)'0' and < 0x80);
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
        if (_run is not { } run)
        {
            return from < bytes.Length ? from : -1;
        }

        int at = from;
        int last = bytes.Length - Width - Math.Max(run.Second, EscapeLength);
        if (at <= last)
        {
            ref byte start = ref MemoryMarshal.GetReference(bytes);
            Vector256<byte> firstCase = Vector256.Create(CaseOf(run.First)), first = Vector256.Create(_bytes[run.First].One) | firstCase;
            Vector256<byte> secondCase = Vector256.Create(CaseOf(run.Second)), second = Vector256.Create(_bytes[run.Second].One) | secondCase;
            Vector256<byte> backslash = Vector256.Create((byte)'\\'), u = Vector256.Create((byte)'u');
            Vector256<byte> zero = Vector256.Create((byte)'0'), three = Vector256.Create((byte)'3'), four = Vector256.Create((byte)4);
            for (; at <= last; at += Width)
            {
                Vector256<byte> raw = Vector256.Equals(Vector256.LoadUnsafe(ref start, (nuint)(at + run.First)) | firstCase, first)
                    & Vector256.Equals(Vector256.LoadUnsafe(ref start, (nuint)(at + run.Second)) | secondCase, second);
                Vector256<byte> escape = Vector256.Equals(Vector256.LoadUnsafe(ref start, (nuint)at), backslash)
                    & Vector256.Equals(Vector256.LoadUnsafe(ref start, (nuint)(at + 1)), u);
                if (_isPlain && escape != Vector256<byte>.Zero)
                {
                    // Only 0030 to 007F can be of such a text, or of another escape.
                    Vector256<byte> digit = Vector256.LoadUnsafe(ref start, (nuint)(at + 4)) - three;
                    escape &= Vector256.Equals(Vector256.LoadUnsafe(ref start, (nuint)(at + 2)), zero)
                        & Vector256.Equals(Vector256.Min(digit, four), digit);
                }

                if ((raw | escape) == Vector256<byte>.Zero)
                {
                    continue;
                }

                uint escapes = escape.ExtractMostSignificantBits();
                for (uint bits = raw.ExtractMostSignificantBits() | escapes; bits != 0; bits &= bits - 1)
                {
                    int place = at + BitOperations.TrailingZeroCount(bits);
                    if ((escapes & bits & (~bits + 1)) != 0 ? IsEscape(bytes, place) : IsRun(bytes, place))
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

    /// <summary>The bits in which the two spellings of a byte differ: where they are set in both, the spellings are the same.</summary>
    private byte CaseOf(int at) => (byte)(_bytes[at].One ^ _bytes[at].Other);

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
    private bool IsEscape(ReadOnlySpan<byte> bytes, int place)
    {
        if (bytes.Length - place < EscapeLength || bytes[place] != (byte)'\\' || bytes[place + 1] != (byte)'u')
        {
            return false;
        }

        int unit = 0;
        for (int i = 2; i < EscapeLength; i++)
        {
            int digit = HexDigits[bytes[place + i]];
            if (digit < 0 || (i == 3 && _isAscii && unit + digit > 0))
            {
                return false; // no escape, or of a character that is neither in the text nor in another escape
            }

            unit = (unit << 4) | digit;
        }

        return _run!.MayBeSpelled(unit);
    }

    private static sbyte[] MakeHexDigits()
    {
        sbyte[] digits = new sbyte[256];
        for (int i = 0; i < digits.Length; i++)
        {
            digits[i] = (sbyte)(char.IsAsciiHexDigit((char)i) ? Convert.ToInt32(((char)i).ToString(), 16) : -1);
        }

        return digits;
    }
}
