using System.Buffers;

namespace Opi;

/// <summary>Bytes that are written one behind the other, and of which the last can be taken back.</summary>
internal sealed class BatchBuffer : IBufferWriter<byte>
{
    private const int FirstSize = 4096;
    private const int MaxKept = 1 << 18;

    private byte[] _bytes = new byte[FirstSize];

    public int Length { get; private set; }

    public int Capacity => _bytes.Length;

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - Length);
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsSpan(Length);
    }

    /// <summary>
    /// Drops what is behind a position. With nothing left, the memory of a large text is given up: a session may stay open for long.
    /// </summary>
    public void CutTo(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Length = length;
        if (length == 0 && _bytes.Length > MaxKept)
        {
            _bytes = new byte[FirstSize];
        }
    }

    private void Grow(int sizeHint)
    {
        long needed = Length + Math.Max(1L, sizeHint);
        if (needed > _bytes.Length)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(needed, Array.MaxLength, nameof(sizeHint));
            Array.Resize(ref _bytes, (int)Math.Min(Math.Max(needed, _bytes.Length * 2L), Array.MaxLength));
        }
    }
}
