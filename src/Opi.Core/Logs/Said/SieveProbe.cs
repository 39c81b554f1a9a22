using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Opi;

/// <summary>
/// Tests as many places at once as a vector has bytes: whether the two rarest bytes of a run may be there, or an escape that could spell a
/// part of it. It may take a place that is neither, and never misses one that is.
/// </summary>
internal readonly struct SieveProbe
{
    private readonly int _firstAt;
    private readonly int _secondAt;
    private readonly int _guardAt;
    private readonly Vector256<byte> _first;
    private readonly Vector256<byte> _firstCase;
    private readonly Vector256<byte> _second;
    private readonly Vector256<byte> _secondCase;
    private readonly Vector256<byte> _guard;
    private readonly Vector256<byte> _lowest;
    private readonly Vector256<byte> _span;
    private readonly Vector256<sbyte> _lettersLess;

    /// <summary>Makes a probe.</summary>
    /// <param name="run">What is looked for.</param>
    public SieveProbe(SieveRun run)
    {
        SieveByte[] bytes = run.Bytes;
        (_firstAt, _secondAt) = (run.First, run.Second);
        (_first, _firstCase) = SpellingsOf(bytes[run.First]);
        (_second, _secondCase) = SpellingsOf(bytes[run.Second]);
        bool isAscii = Array.TrueForAll(bytes, value => value.One < 0x80);

        // Of text in ASCII only \u00XY counts, and of XY only what is in it, and letters and digits, which may be of an escape themselves.
        // Where it has nothing of 20 to 2F and 3A to 3F, these are left out: they are the ones that some writers escape. Without ASCII
        // each escape is looked at.
        bool isPlain = Array.TrueForAll(bytes, value => value.One is >= (byte)'0' and not (> (byte)'9' and < (byte)'@'));
        (_guardAt, char guard) = isAscii ? (3, '0') : (0, '\\');
        (char lowest, int span) = !isAscii ? ('\0', 0xFF) : isPlain ? ('3', 4) : ('2', 5);
        (_guard, _lowest) = (Vector256.Create((byte)guard), Vector256.Create((byte)lowest));
        _span = Vector256.Create((byte)span);
        _lettersLess = isAscii && isPlain ? Vector256<sbyte>.AllBitsSet : Vector256<sbyte>.Zero;
    }

    /// <summary>How many bytes behind a place are looked at.</summary>
    public int Reach => Math.Max(_secondAt, 5);

    /// <summary>The places that may be a part of a hit have bits.</summary>
    /// <param name="start">The bytes.</param>
    /// <param name="at">The first of the places. A vector is read here, and at each of the <see cref="Reach"/> bytes behind.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<byte> Places(ref byte start, int at)
    {
        Vector256<byte> run = Vector256.Equals(Vector256.LoadUnsafe(ref start, (nuint)(at + _firstAt)) | _firstCase, _first)
            & Vector256.Equals(Vector256.LoadUnsafe(ref start, (nuint)(at + _secondAt)) | _secondCase, _second);

        // 3A to 3F are left out by counting the first digit one less where the second is a letter.
        Vector256<sbyte> letters = Vector256.GreaterThan(
            Vector256.LoadUnsafe(ref start, (nuint)(at + 5)).AsSByte(), Vector256.Create((sbyte)'9')) & _lettersLess;
        Vector256<byte> digit = Vector256.LoadUnsafe(ref start, (nuint)(at + 4)) - _lowest + letters.AsByte();
        Vector256<byte> escape = Vector256.Equals(Vector256.LoadUnsafe(ref start, (nuint)(at + 1)), Vector256.Create((byte)'u'))
            & Vector256.Equals(Vector256.LoadUnsafe(ref start, (nuint)(at + _guardAt)), _guard)
            & Vector256.Equals(Vector256.Min(digit, _span), digit);
        return run | escape;
    }

    /// <summary>A byte in the spelling that has all bits of both, and the bits in which the two differ.</summary>
    private static (Vector256<byte> Byte, Vector256<byte> Case) SpellingsOf(SieveByte value) =>
        (Vector256.Create((byte)(value.One | value.Other)), Vector256.Create((byte)(value.One ^ value.Other)));
}
