using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// Reads the lines that begin in a range of a file, from one pooled buffer. A line longer than <see cref="MaxLine"/> (a snapshot, an
/// image) is skipped without being held: it comes out empty, and says whether it may have had a usage.
/// </summary>
internal sealed class LogLines : IDisposable
{
    public const int MaxLine = 16 << 20;

    private readonly SafeFileHandle _file;
    private readonly long _end;
    private readonly CancellationToken _cancellation;
    private readonly bool _isRead; // all of the file is in the buffer
    private byte[] _buffer;
    private int _start;     // where the next line begins
    private int _filled;
    private long _bufferAt; // the file's offset of _buffer[0]
    private int _lineStart;
    private int _lineLength;

    /// <summary>Reads the lines of a part.</summary>
    /// <param name="file">The file.</param>
    /// <param name="part">The part.</param>
    /// <param name="cancellation">Stops it.</param>
    public LogLines(SafeFileHandle file, LogPart part, CancellationToken cancellation)
        : this(file, part, null, cancellation)
    {
    }

    /// <summary>Reads the lines of a part of a file of which something may have been read. It takes those bytes.</summary>
    /// <param name="log">The file.</param>
    /// <param name="part">The part.</param>
    /// <param name="cancellation">Stops it.</param>
    public LogLines(OpenedLog log, LogPart part, CancellationToken cancellation)
        : this(log.File, part, log.Start == part.Start ? log : null, cancellation)
    {
    }

    private LogLines(SafeFileHandle file, LogPart part, OpenedLog? begun, CancellationToken cancellation)
    {
        _file = file;
        _end = part.End;
        _cancellation = cancellation;
        _bufferAt = part.Start;
        (_filled, _isRead) = (begun?.Filled ?? 0, begun?.IsEnd == true);
        _buffer = begun?.TakeBuffer() ?? ArrayPool<byte>.Shared.Rent(OpenedLog.WindowLength);
        if (part.Start > 0)
        {
            (_bufferAt, _filled) = (_bufferAt - 1, 0); // a line that begins right at the start is this part's: its predecessor's LF is found first
            PassLine();
        }
    }

    /// <summary>The line, without its LF; empty when it was too long.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_lineStart, _lineLength);

    /// <summary>Where the next line begins in the file.</summary>
    public long Position => _bufferAt + _start;

    /// <summary>Whether the line ended with LF; false only for the last one of the file.</summary>
    public bool Complete { get; private set; }

    /// <summary>Whether the line was too long to be read and has what may be a usage.</summary>
    public bool LostUsage { get; private set; }

    /// <summary>Reads the next line. False at the end.</summary>
    public bool Next()
    {
        LostUsage = false;
        if (_bufferAt + _start >= _end)
        {
            return false;
        }

        int searched = 0;
        while (true)
        {
            int newline = _buffer.AsSpan(_start + searched, _filled - _start - searched).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                Take(searched + newline, 1);
                return true;
            }

            searched = _filled - _start;
            if (searched >= MaxLine)
            {
                LostUsage = PassLine();
                _lineLength = 0;
                return true;
            }

            if (!Fill())
            {
                Take(searched, 0);
                return searched > 0;
            }
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Take(int length, int newline)
    {
        (_lineStart, _lineLength, Complete) = (_start, length, newline > 0);
        _start += length + newline;
    }

    /// <summary>Skips the rest of the line. True when it contains "usage".</summary>
    private bool PassLine()
    {
        bool usage = false;
        while (true)
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(_start, _filled - _start);
            int newline = rest.IndexOf((byte)'\n');
            usage |= (newline < 0 ? rest : rest[..newline]).IndexOf("\"usage\""u8) >= 0;
            if (newline >= 0)
            {
                _start += newline + 1;
                Complete = true;
                return usage;
            }

            _start = Math.Max(_start, _filled - "\"usage\"".Length); // the word may be split over two reads
            if (!Fill())
            {
                _start = _filled;
                Complete = false;
                return usage;
            }
        }
    }

    /// <summary>Reads more bytes behind the unread ones. False at the end of the file.</summary>
    private bool Fill()
    {
        _cancellation.ThrowIfCancellationRequested();
        if (_isRead)
        {
            return false;
        }

        int unread = _filled - _start;
        if (_filled == _buffer.Length)
        {
            byte[] target = unread > _buffer.Length / 2 && _buffer.Length < MaxLine ? ArrayPool<byte>.Shared.Rent(_buffer.Length * 2) : _buffer;
            _buffer.AsSpan(_start, unread).CopyTo(target);
            if (target != _buffer)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = target;
            }

            (_bufferAt, _start, _filled) = (_bufferAt + _start, 0, unread);
        }

        int read = RandomAccess.Read(_file, _buffer.AsSpan(_filled), _bufferAt + _filled);
        _filled += read;
        return read > 0;
    }
}
