namespace Opi;

/// <summary>
/// The beginnings of the lines of a file, or of the document that it is. What is damaged is skipped at the speed of a search for the next line.
/// </summary>
internal sealed class LogHeads
{
    /// <summary>How much of a file is read to see whose it is, before more is.</summary>
    public const int ShortLength = 1 << 14;

    /// <summary>How far a file is searched for a line that shows whose it is.</summary>
    private const long MaxSearch = 64L << 20;

    private readonly OpenedLog _log;
    private readonly CancellationToken _cancellation;
    private int _next; // where in the bytes the next line begins
    private int _last; // where the last one began

    /// <summary>Reads the beginning of a file.</summary>
    /// <param name="log">The file.</param>
    /// <param name="length">How much of it is read first.</param>
    /// <param name="cancellation">Stops it.</param>
    public LogHeads(OpenedLog log, int length, CancellationToken cancellation)
    {
        (_log, _cancellation) = (log, cancellation);
        Read(0, length);
        IsDatabase = _log.Bytes.StartsWith("SQLite format 3\0"u8);
        Container = _log.Bytes.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) ? "compressed with zstd"
            : _log.Bytes.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? "compressed with gzip"
            : _log.Bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || _log.Bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? "UTF-16"
            : null;
    }

    /// <summary>Whether it is a SQLite database.</summary>
    public bool IsDatabase { get; }

    /// <summary>What agents or those who copy their logs also keep messages in, by its first bytes; null for text in UTF-8.</summary>
    public string? Container { get; }

    /// <summary>Whether something but white space was seen.</summary>
    public bool HasText { get; private set; }

    /// <summary>
    /// Reads the next head into one that is used again. False at the end. Where first only a little of the file was read, some come twice.
    /// </summary>
    public bool Next(LogHead head)
    {
        while (!ReadNext(head))
        {
            if (_log.IsEnd)
            {
                return false; // all of it was looked at
            }

            long at = _log.Filled < OpenedLog.WindowLength ? 0
                : _last > 0 ? _log.Start + _last
                : _log.Bytes[^1] == (byte)'\n' ? _log.Start + _log.Filled
                : FindLine();
            if (at >= MaxSearch)
            {
                return false;
            }

            Read(at, OpenedLog.WindowLength); // a line that was found may be the file's last
        }

        return true;
    }

    /// <summary>Reads the next head in what was read of the file. It notes where the last line begins, which may not be whole.</summary>
    private bool ReadNext(LogHead head)
    {
        ReadOnlySpan<byte> bytes = _log.Bytes;
        while (_next < bytes.Length)
        {
            _cancellation.ThrowIfCancellationRequested();
            _last = _next;
            if (_log.Start == 0 && _next == 0 && ListStart(bytes) is > 0 and var start)
            {
                _next = start; // a document that is a list: its first element that has names decides
            }

            int length = head.Read(bytes[_next..]);
            if (length == 0)
            {
                int newline = bytes[_next..].IndexOf((byte)'\n');
                length = newline < 0 ? bytes.Length : newline + 1;
            }
            else
            {
                length += Between(bytes[(_next + length)..]);
            }

            _next += length;
            if (head.HasNames)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where the first element of a list begins, in bytes that begin with one; else 0. An editor may put a mark and spaces before.</summary>
    private static int ListStart(ReadOnlySpan<byte> bytes)
    {
        int mark = bytes.StartsWith("\uFEFF"u8) ? 3 : 0;
        int start = mark + Between(bytes[mark..]);
        return start < bytes.Length && bytes[start] == (byte)'[' ? start + 1 + Between(bytes[(start + 1)..]) : 0;
    }

    /// <summary>How many bytes stand between an element and the next.</summary>
    private static int Between(ReadOnlySpan<byte> bytes) => bytes.Length - bytes.TrimStart(" \t\r\n,"u8).Length;

    /// <summary>The beginning of the next line behind what was read.</summary>
    private long FindLine()
    {
        while (_log.Start + _log.Filled < MaxSearch && !_log.IsEnd)
        {
            long at = _log.Start + _log.Filled;
            Read(at, OpenedLog.WindowLength);
            if (_log.Bytes.IndexOf((byte)'\n') is >= 0 and var newline)
            {
                return at + newline + 1;
            }
        }

        return MaxSearch;
    }

    private void Read(long at, int length)
    {
        _log.Read(at, length, _cancellation);
        (_next, _last) = (0, 0);
        HasText |= !_log.Bytes.Trim(" \t\r\n"u8).IsEmpty;
    }
}
