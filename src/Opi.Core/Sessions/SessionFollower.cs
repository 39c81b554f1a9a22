using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// Follows a session file that another writer adds to. What was read before is read again only where something is added that is not regular
/// (<see cref="SessionFacts"/>): only the whole file shows then what is active. Reading never hinders the writer.
/// </summary>
internal sealed class SessionFollower
{
    private readonly string _path;
    private readonly CancellationToken _cancellation;
    private SessionHeader _header;
    private SessionFacts? _facts; // null for a file that is not regular: it is read whole whenever it grows
    private FileIdentity? _file;
    private long _read;   // up to here all lines are known
    private long _lines;

    /// <summary>Begins behind what a reader has read.</summary>
    /// <param name="reader">It can be closed after this.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public SessionFollower(SessionReader reader, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        (_path, _cancellation) = (reader.Path, cancellationToken);
        _header = reader.Header;
        Take(reader);
    }

    /// <summary>Begins behind what the index of a session is about.</summary>
    public SessionFollower(string path, FileIdentity file, SessionHeader header, SessionFacts facts, CancellationToken cancellationToken)
    {
        (_path, _file, _header, _facts, _cancellation) = (path, file, header, facts, cancellationToken);
        (_read, _lines) = (facts.Length, facts.Lines);
    }

    /// <summary>How many bytes of the file were read since it began to follow.</summary>
    internal long BytesRead { get; private set; }

    /// <summary>The entries that were added since the last call; none while the file is not there.</summary>
    /// <exception cref="InvalidSessionFileException">The file is not a session any more, or cannot be read.</exception>
    public IReadOnlyList<OpiEntry> ReadAdded()
    {
        if (FileIdentity.Of(_path) is not { } named || (named.Length == _read && _file is { } same && named.IsSameAs(same)))
        {
            return [];
        }

        return (_file is { } file && named.IsSameAs(file) && named.Length > _read ? ReadBehind() : null) ?? ReadAnew();
    }

    /// <summary>What was added; null when only the whole file shows what is active.</summary>
    private List<OpiEntry>? ReadBehind()
    {
        if (_facts is not { } facts)
        {
            return null;
        }

        using SafeFileHandle handle = SessionReader.OpenHandle(_path);
        var added = new List<IndexedEntry>();
        var shared = new SessionIndexer.SharedTexts();
        long read = _read, number = _lines;
        try
        {
            using var lines = new LineReader(handle, read, chunkSize: 1 << 14);
            while (lines.Next())
            {
                _cancellation.ThrowIfCancellationRequested();
                number++;
                try
                {
                    if (!SessionIndexer.IsBlank(lines.Line))
                    {
                        IndexedEntry entry = SessionIndexer.Describe(
                            lines.Line, _header.Version, number, lines.Offset, afterFault: false, ref shared);
                        if (!facts.TryAdd(entry))
                        {
                            return null;
                        }

                        added.Add(entry);
                    }
                }
                catch (WireException)
                {
                    if (lines.Complete)
                    {
                        return null;
                    }

                    number--;
                    break; // its writer has not finished it
                }

                read = lines.NextOffset;
            }
        }
        catch (IOException error)
        {
            throw new InvalidSessionFileException(_path, number, "it cannot be read: " + error.Message, error);
        }

        BytesRead += read - _read;
        (_read, _lines) = (read, number);
        return [.. added.Select(entry =>
            OpiEntry.Create(_header.Id, SessionReader.ReadEntry(handle, _path, _header.Version, entry), facts.IsInForce(entry)))];
    }

    /// <summary>All of the file: what is after the position that was read was added.</summary>
    private List<OpiEntry> ReadAnew()
    {
        long after = _read;
        using SessionReader reader = SessionReader.Open(_path, _cancellation);
        Take(reader);
        BytesRead += reader.Length;
        return [.. reader.ReadEntries(reader.Entries.Where(entry => entry.Offset >= after))];
    }

    private void Take(SessionReader reader)
    {
        _header = reader.Header;
        _file = FileIdentity.Of(_path);
        _read = reader.Recovery.TornTailOffset ?? reader.Length;
        _lines = reader.Entries.Count == 0 ? 1 : reader.Entries[^1].Line;
        _facts = reader.ReadFacts();
    }
}
