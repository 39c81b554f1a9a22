using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// A log that is open, and the bytes that were read last. What shows whose it is and what reads its lines share them, so that a small file is
/// read by one call of the system.
/// </summary>
/// <param name="file">The file, which is closed with this.</param>
/// <param name="length">Its length when it was opened. What comes there later need not be read; 0 may be said of a file that has bytes.</param>
internal sealed class OpenedLog(SafeFileHandle file, long length) : IDisposable
{
    /// <summary>How many bytes are read at once.</summary>
    public const int WindowLength = 1 << 19;

    private byte[]? _buffer;

    /// <summary>The file.</summary>
    public SafeFileHandle File { get; } = file;

    /// <summary>Where in the file <see cref="Bytes"/> begin.</summary>
    public long Start { get; private set; }

    /// <summary>How many bytes were read.</summary>
    public int Filled { get; private set; }

    /// <summary>Whether the file ended with them.</summary>
    public bool IsEnd { get; private set; }

    /// <summary>What was read last.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Filled);

    /// <summary>Reads bytes at a place, as many as there are.</summary>
    /// <param name="start">The place.</param>
    /// <param name="count">How many; at most <see cref="WindowLength"/>.</param>
    /// <param name="cancellation">Stops it.</param>
    public void Read(long start, int count, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _buffer ??= ArrayPool<byte>.Shared.Rent(WindowLength);
        (Start, Filled, IsEnd) = (start, 0, false);
        while (Filled < count && !IsEnd)
        {
            int read = RandomAccess.Read(File, _buffer.AsSpan(Filled, count - Filled), start + Filled);
            Filled += read;
            IsEnd = read == 0 || (length > 0 && start + Filled >= length);
        }
    }

    /// <summary>Gives the buffer with the bytes away, to be returned to the pool by who takes it; null when nothing was read.</summary>
    public byte[]? TakeBuffer()
    {
        byte[]? buffer = _buffer;
        _buffer = null;
        return buffer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        File.Dispose();
        if (TakeBuffer() is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
