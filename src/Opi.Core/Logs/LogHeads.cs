using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// The beginnings of the lines of a file, or of the document that it is. First a little of the file is read, then more. What is damaged is
/// skipped at the speed of a search for the next line.
/// </summary>
internal sealed class LogHeads : IDisposable
{
    private const int FirstLength = 1 << 14;
    private const int WindowLength = 1 << 18;

    /// <summary>How far a file is searched for a line that shows whose it is.</summary>
    private const long MaxSearch = 64L << 20;

    private readonly SafeFileHandle _file;
    private readonly CancellationToken _cancellation;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(WindowLength);
    private int _filled;
    private int _last;

    /// <summary>Reads the beginning of a file.</summary>
    public LogHeads(SafeFileHandle file, CancellationToken cancellation)
    {
        (_file, _cancellation) = (file, cancellation);
        Fill(0, FirstLength);
        ReadOnlySpan<byte> start = _buffer.AsSpan(0, _filled);
        IsDatabase = start.StartsWith("SQLite format 3\0"u8);
        Container = start.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) ? "compressed with zstd"
            : start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? "compressed with gzip"
            : null;
    }

    /// <summary>Whether it is a SQLite database.</summary>
    public bool IsDatabase { get; }

    /// <summary>What agents also keep their messages in, by its first bytes; null for text.</summary>
    public string? Container { get; }

    /// <summary>Whether something but white space was seen.</summary>
    public bool HasText { get; private set; }

    /// <summary>The heads, first those of a small beginning; some of them come twice.</summary>
    public IEnumerable<LogHead> Read()
    {
        bool whole = _filled < FirstLength;
        for (int next = 0; ReadNext(ref next) is { } head;)
        {
            yield return head;
        }

        for (long at = 0; !whole && at < MaxSearch;)
        {
            Fill(at, WindowLength);
            _last = 0;
            for (int next = 0; ReadNext(ref next) is { } head;)
            {
                yield return head;
            }

            whole = _filled < WindowLength;
            at = whole ? at : _last > 0 ? at + _last : FindLine(at + _filled);
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    /// <summary>The next head in the buffer; null when there is none. It notes where the last line begins, which may not be whole.</summary>
    private LogHead? ReadNext(ref int next)
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, _filled);
        while (next < bytes.Length)
        {
            _cancellation.ThrowIfCancellationRequested();
            _last = next;
            if (next == 0 && bytes[0] == (byte)'[')
            {
                next++; // a document that is a list: its first element decides
            }

            LogHead? head = LogHead.Read(bytes[next..], out int length);
            if (length == 0)
            {
                int newline = bytes[next..].IndexOf((byte)'\n');
                length = newline < 0 ? bytes.Length : newline + 1;
            }

            next += length;
            if (head is not null)
            {
                return head;
            }
        }

        return null;
    }

    /// <summary>The beginning of the next line behind a place.</summary>
    private long FindLine(long at)
    {
        while (at < MaxSearch)
        {
            Fill(at, WindowLength);
            int newline = _buffer.AsSpan(0, _filled).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                return at + newline + 1;
            }

            if (_filled == 0)
            {
                break;
            }

            at += _filled;
        }

        return MaxSearch;
    }

    private void Fill(long at, int length)
    {
        _cancellation.ThrowIfCancellationRequested();
        int read;
        for (_filled = 0; _filled < length && (read = RandomAccess.Read(_file, _buffer.AsSpan(_filled, length - _filled), at + _filled)) > 0;)
        {
            _filled += read;
        }

        HasText |= !_buffer.AsSpan(0, _filled).Trim(" \t\r\n"u8).IsEmpty;
    }
}
