using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// Reads a file line by line into one pooled buffer, from a given offset to where the file ended when reading began to find nothing more.
/// Only LF ends a line. The buffer grows for a line that does not fit, and a line is a span into it, gone at the next call.
/// </summary>
internal sealed class LineReader : IDisposable
{
    private const int ChunkSize = 1 << 20;

    private readonly SafeFileHandle _file;
    private byte[] _buffer;
    private int _start;      // where the unread bytes begin
    private int _filled;     // where they end
    private long _bufferAt;  // the file's offset of _buffer[0]
    private int _lineLength;
    private int _lineStart;
    private long _lineAt;    // its offset in the file
    private bool _ended;     // a file that grows meanwhile ends where it was found to end: else the rest of a line would pass for one

    public LineReader(SafeFileHandle file, long offset = 0, int chunkSize = ChunkSize)
    {
        _file = file;
        _bufferAt = offset;
        _buffer = ArrayPool<byte>.Shared.Rent(chunkSize);
    }

    /// <summary>The line, without its LF.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_lineStart, _lineLength);

    public long Offset => _lineAt;

    public long NextOffset => _bufferAt + _start;

    /// <summary>Whether the line ended with LF; false only for the last one.</summary>
    public bool Complete { get; private set; }

    /// <summary>How long a line may be; the buffer never grows beyond about twice that.</summary>
    public int LongestLine { get; set; } = Array.MaxLength;

    /// <summary>
    /// Whether of a line that is longer than <see cref="LongestLine"/> its beginning is given, as a line; else it is an error. It is for files of
    /// which each line is worth reading by itself.
    /// </summary>
    public bool CutsLongerLines { get; init; }

    /// <summary>Stops the reading, also within a line.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Reads the next line. False at the end.</summary>
    /// <exception cref="IOException">The file cannot be read, or a line is longer than <see cref="LongestLine"/>.</exception>
    public bool Next()
    {
        int searched = 0;
        while (!_ended)
        {
            int newline = _buffer.AsSpan(_start + searched, _filled - _start - searched).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                Take(searched + newline, complete: true);
                return true;
            }

            searched = _filled - _start;
            if (CutsLongerLines && searched >= LongestLine)
            {
                TakeBeginning();
                return true;
            }

            if (!Fill())
            {
                _ended = true;
                if (searched == 0)
                {
                    _lineLength = 0;
                    return false;
                }

                Take(searched, complete: false);
                return true;
            }
        }

        _lineLength = 0;
        return false;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _filled = _lineLength = _lineStart = 0;
    }

    private void Take(int length, bool complete)
    {
        _lineStart = _start;
        _lineAt = _bufferAt + _start;
        _lineLength = length;
        _start += length + (complete ? 1 : 0);
        Complete = complete;
    }

    /// <summary>Takes the beginning of a line, and goes on behind its end.</summary>
    private void TakeBeginning()
    {
        long at = _bufferAt + _filled;
        Take(LongestLine, complete: false);
        byte[] passed = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            while (!Complete && !_ended)
            {
                Cancellation.ThrowIfCancellationRequested();
                int read = RandomAccess.Read(_file, passed, at);
                int newline = passed.AsSpan(0, read).IndexOf((byte)'\n');
                at += newline < 0 ? read : newline + 1;
                Complete = newline >= 0;
                _ended = read == 0;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(passed);
        }

        _start = _filled = _buffer.Length;
        _bufferAt = at - _start;
    }

    /// <summary>Reads more bytes behind the unread ones. False at the end of the file.</summary>
    private bool Fill()
    {
        Cancellation.ThrowIfCancellationRequested();
        int unread = _filled - _start;
        if (unread >= LongestLine)
        {
            throw new IOException($"the line at byte {_bufferAt + _start} is longer than {LongestLine} bytes");
        }

        if (_filled == _buffer.Length)
        {
            byte[] target = _buffer;
            if (unread > _buffer.Length / 2)
            {
                target = ArrayPool<byte>.Shared.Rent((int)Math.Min(_buffer.Length * 2L, Array.MaxLength));
            }

            _buffer.AsSpan(_start, unread).CopyTo(target);
            if (target != _buffer)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = target;
            }

            _bufferAt += _start;
            _start = 0;
            _filled = unread;
        }

        int read = RandomAccess.Read(_file, _buffer.AsSpan(_filled), _bufferAt + _filled);
        _filled += read;
        return read > 0;
    }
}
