using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Opi;

/// <summary>
/// Walks one JSON value in UTF-8 bytes, forwards, without allocating: names and values are read as spans, and values that are not needed are
/// skipped at the speed of a vector search. It accepts exactly the JSON that a strict parser accepts, to a depth of
/// <see cref="MaxDepth"/>; anything else is a <see cref="WireException"/>.
/// </summary>
/// <remarks>
/// The bytes must be valid UTF-8 (the caller checks a whole line at once, which is cheaper). A lenient cursor is for other programs' logs: it allows
/// any byte in a string, also control characters, unknown escapes and halves of surrogate pairs.
/// Why not <see cref="Utf8JsonReader"/>: it leaves its vectorised path for the rest of a string at the first escape, and texts are full of
/// <c>\n</c>. bench/ has the comparison, and the tests run both over the same mutated input.
/// </remarks>
internal ref partial struct JsonCursor(ReadOnlySpan<byte> json, bool lenient = false)
{
    /// <summary>serde_json refuses the 128th level of nesting.</summary>
    public const int MaxDepth = 127;

    private static readonly SearchValues<byte> StringStops = SearchValues.Create(
        [
            0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, (byte)'"',
            (byte)'\\'
        ]);

    private readonly ReadOnlySpan<byte> _json = json;
    private readonly uint _strictness = lenient ? 0 : uint.MaxValue;
    private int _position;
    private int _depth;
    private bool _afterValue;

    /// <summary>Where the cursor is, in bytes from the start.</summary>
    public readonly int Position => _position;

    public void BeginObject() => Enter((byte)'{', "an object");

    public void BeginArray() => Enter((byte)'[', "an array");

    /// <summary>Reads the next property name of the object, or leaves the object.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool NextProperty(out JsonString name)
    {
        if (LeaveAt((byte)'}'))
        {
            name = default;
            return false;
        }

        if (_afterValue)
        {
            Expect((byte)',');
        }

        name = ScanString();
        Expect((byte)':');
        _afterValue = false;
        return true;
    }

    /// <summary>Moves to the next element of the array, or leaves the array.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool NextElement()
    {
        if (LeaveAt((byte)']'))
        {
            return false;
        }

        if (_afterValue)
        {
            Expect((byte)',');
            _afterValue = false;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public JsonString ReadString()
    {
        JsonString value = ScanString();
        _afterValue = true;
        return value;
    }

    /// <summary>Reads a string, or null (then false).</summary>
    public bool TryReadString(out JsonString value)
    {
        if (TryReadNull())
        {
            value = default;
            return false;
        }

        value = ReadString();
        return true;
    }

    public bool AtString() => Peek() == (byte)'"';

    public bool AtObject() => Peek() == (byte)'{';

    public bool AtArray() => Peek() == (byte)'[';

    /// <summary>Steps over a null if that is what comes.</summary>
    public bool TryReadNull()
    {
        if (Peek() != (byte)'n')
        {
            return false;
        }

        Literal("null"u8);
        return true;
    }

    public bool ReadBoolean()
    {
        bool value = Peek() == (byte)'t';
        Literal(value ? "true"u8 : "false"u8);
        return value;
    }

    /// <summary>Reads a whole number: no fraction, no exponent, within 64 bits.</summary>
    public long ReadInt64()
    {
        ReadOnlySpan<byte> number = ScanNumber();
        return Utf8Parser.TryParse(number, out long value, out int used) && used == number.Length
            ? value
            : throw new WireException($"{Show(number)} is not a whole number of 64 bits");
    }

    /// <summary>Reads a count: a whole number that is not negative.</summary>
    public long ReadCount()
    {
        ReadOnlySpan<byte> number = ScanNumber();
        return number[0] != (byte)'-' && Utf8Parser.TryParse(number, out long value, out int used) && used == number.Length
            ? value
            : throw new WireException($"{Show(number)} is not a count");
    }

    /// <summary>Steps over any value, checking that it is well formed, and gives its bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ReadOnlySpan<byte> Skip()
    {
        _ = Peek();
        int start = _position;
        int floor = _depth;
        do
        {
            switch (Peek())
            {
                case (byte)'{':
                    BeginObject();
                    break;
                case (byte)'[':
                    BeginArray();
                    break;
                case (byte)'"':
                    _ = ReadString();
                    break;
                case (byte)'t':
                case (byte)'f':
                    _ = ReadBoolean();
                    break;
                case (byte)'n':
                    _ = TryReadNull();
                    break;
                default:
                    _ = ScanNumber();
                    break;
            }

            // Move on to the next value inside the containers that are still open, leaving those that end here.
            while (_depth > floor && !NextInside())
            {
            }
        }
        while (_depth > floor);

        return _json[start.._position];
    }

    /// <summary>
    /// Leaves an array at the first place where it and a next property seem to meet, without looking at what is in it. Inside strings quotes
    /// are escaped, so that only a property in the array can be taken for that one; then the rest of the text does not end where it should.
    /// </summary>
    /// <param name="next">The end of the array and what follows it, for example <c>],"name":</c>.</param>
    /// <returns>False when it is not found; then nothing was read.</returns>
    public bool TryLeap(ReadOnlySpan<byte> next)
    {
        int at = Peek() == (byte)'[' ? _json[_position..].IndexOf(next) : -1;
        if (at < 0)
        {
            return false;
        }

        _position += at + 1;
        _afterValue = true;
        return true;
    }

    /// <summary>Asserts that only white space follows.</summary>
    public void End()
    {
        SkipWhiteSpace();
        if (_position < _json.Length)
        {
            throw new WireException($"text after the end of the value, at byte {_position}");
        }
    }

    // The kind of the container is known from the bytes: an object's next item starts with a name. One bit a level says which it is. It is not
    // one number of 128 bits, because no method of a type with one is compiled ahead of time.
    private ulong _upperObjects;
    private ulong _deepObjects;

    private bool NextInside() =>
        (((_depth < 64 ? _upperObjects : _deepObjects) >> _depth) & 1) != 0 ? NextProperty(out _) : NextElement();

    private void Enter(byte open, string what)
    {
        if (Peek() != open)
        {
            throw new WireException($"expected {what} at byte {_position}");
        }

        if (++_depth > MaxDepth)
        {
            throw new WireException($"nested deeper than {MaxDepth} levels");
        }

        ref ulong objects = ref _depth < 64 ? ref _upperObjects : ref _deepObjects;
        ulong bit = 1UL << _depth; // of the six lowest bits of the depth
        objects = open == (byte)'{' ? objects | bit : objects & ~bit;
        _position++;
        _afterValue = false;
    }

    private bool LeaveAt(byte close)
    {
        if (Peek() != close)
        {
            return false;
        }

        _position++;
        _depth--;
        _afterValue = true;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ReadOnlySpan<byte> ScanNumber()
    {
        _ = Peek();
        int start = _position;
        if (At('-'))
        {
            _position++;
        }

        if (At('0'))
        {
            _position++;
        }
        else
        {
            Digits();
        }

        if (At('.'))
        {
            _position++;
            Digits();
        }

        if (At('e') || At('E'))
        {
            _position++;
            if (At('+') || At('-'))
            {
                _position++;
            }

            Digits();
        }

        _afterValue = true;
        return _json[start.._position];
    }

    private void Digits()
    {
        int start = _position;
        while (_position < _json.Length && _json[_position] is >= (byte)'0' and <= (byte)'9')
        {
            _position++;
        }

        if (_position == start)
        {
            throw new WireException($"expected a value at byte {start}");
        }
    }

    private readonly bool At(char c) => _position < _json.Length && _json[_position] == c;

    private void Literal(ReadOnlySpan<byte> word)
    {
        if (!_json[_position..].StartsWith(word))
        {
            throw new WireException($"expected a value at byte {_position}");
        }

        _position += word.Length;
        _afterValue = true;
    }

    private void Expect(byte c)
    {
        if (Peek() != c)
        {
            throw new WireException($"expected '{(char)c}' at byte {_position}");
        }

        _position++;
    }

    /// <summary>The next byte that is not white space; 0 at the end (a NUL is not JSON either way).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte Peek()
    {
        if ((uint)_position < (uint)_json.Length && _json[_position] > (byte)' ')
        {
            return _json[_position]; // as in logs, which are written without spaces
        }

        SkipWhiteSpace();
        return _position < _json.Length ? _json[_position] : (byte)0;
    }

    private void SkipWhiteSpace()
    {
        while (_position < _json.Length && _json[_position] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            _position++;
        }
    }

    private static string Show(ReadOnlySpan<byte> number) =>
        System.Text.Encoding.UTF8.GetString(number.Length > 40 ? number[..40] : number);
}
