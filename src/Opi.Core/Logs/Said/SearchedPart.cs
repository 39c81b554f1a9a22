using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// Reads those lines of a file, or of a part of a large one, that may have what is looked for. Whose it is is found out when there is such a
/// line.
/// </summary>
internal sealed class SearchedPart : RowVisitor
{
    private const int BufferSize = 1 << 18;
    private const int LongestLine = 1 << 26;
    private const int HeadLines = 50;

    private readonly LogPart _part;
    private readonly SearchedFile _file;
    private readonly ByteSieve _sieve;
    private readonly CancellationToken _cancellation;
    private readonly Action<LogEntry, Func<string, string>> _give;
    private readonly List<LogEntry> _rows = []; // of a database, which may be read again
    private LogEntries? _entries;
    private ToolNames? _names;

    /// <param name="part">The part.</param>
    /// <param name="file">What is known of its file.</param>
    /// <param name="sieve">Which lines are read.</param>
    /// <param name="give">Takes an entry, and a function that gives the tool of a call.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public SearchedPart(
        LogPart part, SearchedFile file, ByteSieve sieve, Action<LogEntry, Func<string, string>> give, CancellationToken cancellation) =>
        (_part, _file, _sieve, _give, _cancellation) = (part, file, sieve, give, cancellation);

    private LogMessages Messages => _part.File.Log!.Messages!;

    /// <summary>Searches it, or notes in its file why that cannot be.</summary>
    public void Run()
    {
        LogFile file = _part.File;
        try
        {
            if (file.IsDisputed)
            {
                return;
            }

            using SafeFileHandle handle = file.Open();
            if (_file.IsDatabase(handle))
            {
                SearchDatabase();
            }
            else if (file.Path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            {
                SearchDocument(handle);
            }
            else
            {
                SearchLines(handle);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or OpiException)
        {
            file.Fail(error.Message.TrimEnd('.'), error, file.IsDatabase);
        }
        catch (Exception error) when (error is not OperationCanceledException and not OutOfMemoryException)
        {
            file.Fail($"it could not be searched: {error.GetType().Name}, {error.Message.TrimEnd('.')}", error); // one file costs itself only
        }
    }

    /// <inheritdoc/>
    public override bool Wants(ReadOnlySpan<byte> bytes)
    {
        _cancellation.ThrowIfCancellationRequested();
        return _sieve.Takes(bytes);
    }

    /// <inheritdoc/>
    public override void Take(LogEntries entries)
    {
        _rows.AddRange(entries.Items);
        entries.Clear();
    }

    /// <inheritdoc/>
    public override void Skip(string reason) => _part.File.NoteDamage(reason);

    private void SearchDatabase()
    {
        _part.State = (Action<StoreDatabase>)(database =>
        {
            _rows.Clear();
            Messages.ReadDatabase(database, new LogEntries(_part.File.Path), this);
        });
        try
        {
            DatabaseFile.Read(_part, _file.Logs, _cancellation);
        }
        finally
        {
            _rows.ForEach(entry => _give(entry, _ => "")); // also those before a damage
        }
    }

    private void SearchDocument(SafeFileHandle handle)
    {
        byte[] bytes = SearchedFile.ReadAll(handle, _cancellation);
        ReadOnlySpan<byte> document = bytes.AsSpan();
        document = (document.StartsWith("\uFEFF"u8) ? document[3..] : document).Trim(" \t\r\n\0"u8);
        if (!document.IsEmpty && _sieve.Takes(document) && _file.Identify(_cancellation))
        {
            var entries = new LogEntries(_part.File.Path);
            Messages.ReadPlace(entries);
            if (Read(document, entries, complete: true))
            {
                Dictionary<string, string> names = CallsOf(entries);
                Give(entries, call => names.GetValueOrDefault(call, ""));
            }
        }
    }

    private void SearchLines(SafeFileHandle handle)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int filled = 0;
            long at = _part.Start;
            bool inside = at > 0; // the line there is another part's, unless it begins right there
            at -= inside ? 1 : 0;
            while (true)
            {
                _cancellation.ThrowIfCancellationRequested();
                if (filled >= LongestLine)
                {
                    _part.File.NoteDamage("a line of more than 64 MB");
                    (at, filled, inside) = (at + filled, 0, true);
                }

                buffer = filled == buffer.Length ? Grow(buffer) : buffer; // a line that does not fit
                int read = RandomAccess.Read(handle, buffer.AsSpan(filled), at + filled);
                int newline = buffer.AsSpan(filled, read).LastIndexOf((byte)'\n');
                if (read > 0 && newline < 0)
                {
                    at += inside ? read : 0;
                    filled += inside ? 0 : read;
                    continue;
                }

                int begin = inside && read > 0 ? buffer.AsSpan(0, read).IndexOf((byte)'\n') + 1 : 0;
                int end = read == 0 ? filled : filled + newline + 1;
                filled += read;
                if ((inside && read == 0) || !SearchRegion(handle, buffer.AsSpan(begin, end - begin), at + begin, complete: read > 0)
                    || read == 0 || at + end >= _part.End)
                {
                    return;
                }

                inside = false;
                buffer.AsSpan(end, filled - end).CopyTo(buffer);
                at += end;
                filled -= end;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(buffer.Length * 2L, Array.MaxLength));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    /// <summary>Searches whole lines. False where the file is of no source that is searched.</summary>
    private bool SearchRegion(SafeFileHandle handle, ReadOnlySpan<byte> region, long at, bool complete)
    {
        int next = 0;
        while (next < region.Length && _sieve.Next(region, next) is >= 0 and var place)
        {
            int start = region[..place].LastIndexOf((byte)'\n') + 1;
            int length = region[place..].IndexOf((byte)'\n');
            next = length < 0 ? region.Length : place + length + 1;
            if (at + start >= _part.End)
            {
                return true; // it is the next part's
            }

            if (_entries is null && !Begin(handle))
            {
                return false;
            }

            ReadOnlySpan<byte> line = (length < 0 ? region[start..] : region[start..(place + length)]).Trim(" \t\r\0"u8);
            line = line.StartsWith("\uFEFF"u8) ? line[3..] : line;
            if (!line.IsEmpty)
            {
                long offset = at + start;
                _entries!.Clear();
                _entries.Offset = offset;
                if (Read(line, _entries, complete || length >= 0))
                {
                    Give(_entries, call => _names!.Of(call, offset));
                }
            }
        }

        return true;
    }

    /// <summary>Finds out whose the file is, and what its first lines say about the session.</summary>
    private bool Begin(SafeFileHandle handle)
    {
        if (!_file.Identify(_cancellation))
        {
            return false;
        }

        _entries = new LogEntries(_part.File.Path);
        _names = new ToolNames(handle, Messages, _part.File.Path, _cancellation);
        Messages.ReadPlace(_entries);
        using var lines = new LogLines(handle, new LogPart(_part.File, 0, long.MaxValue), _cancellation);
        for (int i = 0; i < HeadLines && lines.Next() && (_entries.SessionId is null || _entries.Project is null); i++)
        {
            ReadOnlySpan<byte> line = lines.Line.Trim(" \t\r\0"u8);
            _entries.Offset = i;
            if (!line.IsEmpty && !Read(line.StartsWith("\uFEFF"u8) ? line[3..] : line, _entries, complete: false) && i == 0
                && _part.File.Log is { RefusesForeign: true })
            {
                _part.File.Fail("its first line is not a header of a session");
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads all values of a line. False where it is damaged, which is noted where it is whole.</summary>
    private bool Read(ReadOnlySpan<byte> line, LogEntries entries, bool complete)
    {
        try
        {
            while (!line.IsEmpty)
            {
                var json = new JsonCursor(line, lenient: true);
                Messages.Read(new LogValue(json.Skip()), entries);
                line = line[json.Position..].TrimStart(" \t\r\n\0"u8);
            }

            return true;
        }
        catch (WireException)
        {
            if (complete)
            {
                _part.File.Skip("a line that may have what is looked for and is damaged");
            }

            return false;
        }
    }

    private void Give(LogEntries entries, Func<string, string> toolOf)
    {
        foreach (LogEntry entry in entries.Items)
        {
            _give(entry, toolOf);
        }

        entries.Clear();
    }

    private static Dictionary<string, string> CallsOf(LogEntries entries)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (AssistantMessage answer in entries.Items.Select(item => (item.Entry as MessageEntry)?.Message).OfType<AssistantMessage>())
        {
            foreach (ToolCallContent call in answer.ToolCalls)
            {
                names.TryAdd(call.Id, call.Name);
            }
        }

        return names;
    }
}
