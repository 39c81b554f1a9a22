using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>Reads the lines of a file from a place, which is behind an LF, towards its beginning. A line is gone at the next call.</summary>
internal sealed class LinesFromEnd : IDisposable
{
    private const int FirstSize = 16 * 1024;

    private readonly SafeFileHandle _file;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
    private long _bufferAt; // the file's offset of _buffer[0]
    private int _filled;
    private int _lineStart;
    private int _lineLength;

    public LinesFromEnd(SafeFileHandle file, long end) => (_file, _bufferAt) = (file, end);

    /// <summary>The line, without its LF.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_lineStart, _lineLength);

    public long Offset => _bufferAt + _lineStart;

    public long BytesRead { get; private set; }

    /// <summary>Reads the line before. False at the beginning of the file.</summary>
    /// <exception cref="IOException">The file cannot be read, or a line is longer than a buffer can be.</exception>
    public bool Previous()
    {
        int searched = 0; // at the end of what is left
        while (true)
        {
            if (_filled > 0)
            {
                int lineFeed = _buffer.AsSpan(0, Math.Max(0, _filled - 1 - searched)).LastIndexOf((byte)'\n');
                if (lineFeed >= 0 || _bufferAt == 0)
                {
                    _lineStart = lineFeed + 1;
                    _lineLength = _filled - 1 - _lineStart;
                    _filled = _lineStart;
                    return true;
                }

                searched = _filled - 1;
            }
            else if (_bufferAt == 0)
            {
                _lineLength = 0;
                return false;
            }

            FillBefore();
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _filled = _lineStart = _lineLength = 0;
    }

    /// <summary>Reads the bytes before the buffer, and keeps those that are left in it.</summary>
    private void FillBefore()
    {
        int more = (int)Math.Min(_bufferAt, Math.Max(FirstSize, Math.Min(_filled, Array.MaxLength - _filled)));
        if (more == 0)
        {
            throw new IOException($"the line that ends at byte {_bufferAt + _filled} is longer than {_filled} bytes");
        }

        byte[] target = ArrayPool<byte>.Shared.Rent(_filled + more);
        _buffer.AsSpan(0, _filled).CopyTo(target.AsSpan(more));
        int read = 0;
        while (read < more)
        {
            int part = RandomAccess.Read(_file, target.AsSpan(read, more - read), _bufferAt - more + read);
            if (part == 0)
            {
                throw new IOException("the file was cut while it was read");
            }

            read += part;
        }

        ArrayPool<byte>.Shared.Return(_buffer);
        BytesRead += more;
        (_buffer, _bufferAt, _filled) = (target, _bufferAt - more, _filled + more);
    }
}
