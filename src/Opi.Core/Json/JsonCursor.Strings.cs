using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Opi;

internal ref partial struct JsonCursor
{
    /// <summary>
    /// Reads a string, 32 bytes at a time and without a branch for each escape: bit masks find which bytes are escaped, by the carry of a
    /// subtraction through each run of backslashes, so that only the end of the string and rare cases leave the loop.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private JsonString ScanString()
    {
        const uint OddBits = 0xAAAA_AAAA;
        Expect((byte)'"');
        int start = _position;
        uint anyEscape = 0;
        uint carry = 0; // 1 when the block's first byte is escaped by the last one before it
        ref byte json = ref MemoryMarshal.GetReference(_json);
        while (_position <= _json.Length - Vector256<byte>.Count)
        {
            Vector256<byte> block = Vector256.LoadUnsafe(ref json, (nuint)_position);
            Vector256<byte> quote = Vector256.Equals(block, Vector256.Create((byte)'"'));
            Vector256<byte> backslash = Vector256.Equals(block, Vector256.Create((byte)'\\'));
            Vector256<byte> common = quote | backslash
                | Vector256.Equals(block, Vector256.Create((byte)'n'))
                | Vector256.Equals(block, Vector256.Create((byte)'t'))
                | Vector256.Equals(block, Vector256.Create((byte)'r'));
            uint control = Vector256.Equals(Vector256.Min(block, Vector256.Create((byte)0x1F)), block).ExtractMostSignificantBits();
            uint quotes = quote.ExtractMostSignificantBits();
            uint backslashes = backslash.ExtractMostSignificantBits();

            // In a run of backslashes every second one escapes. The subtraction borrows through the run, so that its parity comes out.
            uint starts = backslashes & ~carry;
            uint parity = (((starts << 1) | OddBits) - starts) ^ OddBits;
            uint escaped = parity ^ (backslashes | carry);
            uint end = quotes & ~escaped;
            uint rare = (control | (escaped & ~common.ExtractMostSignificantBits())) & _strictness;
            if ((end | rare) == 0)
            {
                anyEscape |= backslashes;
                carry = (parity & backslashes) >> 31;
                _position += Vector256<byte>.Count;
                continue;
            }

            int at = BitOperations.TrailingZeroCount(end | rare);
            anyEscape |= backslashes & ((1u << at) - 1);
            if (((end >> at) & 1) != 0)
            {
                at += _position;
                _position = at + 1;
                return new JsonString(_json[start..at], anyEscape != 0);
            }

            // A rarer escape, or what is not allowed: step over it the slow way from its backslash, and go on behind it.
            _position += ((escaped >> at) & 1) != 0 ? at - 1 : at;
            anyEscape = 1;
            carry = 0;
            ScanEscape();
        }

        _position -= (int)carry; // before an escape that the end of the blocks has cut in two
        return ScanStringEnd(start, anyEscape != 0);
    }

    /// <summary>The rest of a string in the last bytes of the line, too few for a block.</summary>
    private JsonString ScanStringEnd(int start, bool escaped)
    {
        while (true)
        {
            int length = _json[_position..].IndexOfAny(StringStops);
            if (length < 0)
            {
                throw new WireException("a string that does not end");
            }

            _position += length;
            if (_json[_position] == (byte)'"')
            {
                _position++;
                return new JsonString(_json[start..(_position - 1)], escaped);
            }

            escaped = true;
            ScanEscape();
        }
    }

    private void ScanEscape()
    {
        if (_strictness == 0)
        {
            _position = Math.Min(_position + (_json[_position] == (byte)'\\' ? 2 : 1), _json.Length);
            return;
        }

        if (_json[_position] != (byte)'\\')
        {
            throw new WireException($"control character 0x{_json[_position]:x2} in a string, at byte {_position}");
        }

        byte kind = _position + 1 < _json.Length ? _json[_position + 1] : (byte)0;
        switch (kind)
        {
            case (byte)'n':
            case (byte)'"':
            case (byte)'\\':
            case (byte)'t':
            case (byte)'/':
            case (byte)'r':
            case (byte)'b':
            case (byte)'f':
                _position += 2;
                return;
            case (byte)'u':
                uint unit = HexUnit(_position + 2);
                _position += 6;
                if (unit is >= 0xD800 and <= 0xDFFF)
                {
                    bool paired = unit <= 0xDBFF
                        && _position + 1 < _json.Length && _json[_position] == (byte)'\\' && _json[_position + 1] == (byte)'u'
                        && HexUnit(_position + 2) is >= 0xDC00 and <= 0xDFFF;
                    if (!paired)
                    {
                        throw new WireException($"half of a surrogate pair, at byte {_position - 6}");
                    }

                    _position += 6;
                }

                return;
            default:
                throw new WireException($"bad escape at byte {_position}");
        }
    }

    private readonly uint HexUnit(int at)
    {
        uint value = 0;
        for (int i = at; i < at + 4; i++)
        {
            int digit = i < _json.Length ? HexDigit(_json[i]) : -1;
            if (digit < 0)
            {
                throw new WireException($"bad \\u escape at byte {at - 2}");
            }

            value = (value << 4) | (uint)digit;
        }

        return value;
    }

    private static int HexDigit(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => -1,
    };
}
