using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// Follows a session file that another writer adds to. The file is indexed once; after that only what was added is read. Reading never
/// hinders the writer.
/// </summary>
internal sealed class SessionFollower
{
    private readonly string _path;
    private readonly CancellationToken _cancellation;
    private List<IndexedEntry> _entries = [];
    private SessionHeader _header;
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

    /// <summary>The entries that were added since the last call; none while the file is not there.</summary>
    /// <exception cref="InvalidSessionFileException">The file is no session any more, or cannot be read.</exception>
    public IReadOnlyList<OpiEntry> ReadAdded()
    {
        if (FileIdentity.Of(_path) is not { } named || (named.Length == _read && _file is { } same && named.IsSameAs(same)))
        {
            return [];
        }

        return _file is { } file && named.IsSameAs(file) && named.Length > _read ? ReadBehind() : ReadAnew();
    }

    private List<OpiEntry> ReadBehind()
    {
        using SafeFileHandle handle = SessionReader.OpenHandle(_path);
        int before = _entries.Count;
        var shared = new SessionIndexer.SharedTexts();
        bool afterFault = false;
        try
        {
            using var lines = new LineReader(handle, _read);
            while (lines.Next())
            {
                _cancellation.ThrowIfCancellationRequested();
                _lines++;
                try
                {
                    if (!SessionIndexer.IsBlank(lines.Line))
                    {
                        _entries.Add(SessionIndexer.Describe(lines.Line, _header.Version, _lines, lines.Offset, afterFault, ref shared));
                        afterFault = false;
                    }
                }
                catch (WireException fault)
                {
                    if (!lines.Complete)
                    {
                        _lines--;
                        break; // its writer is not done with it
                    }

                    afterFault = _header.Version == 1 ? true : throw new InvalidSessionFileException(_path, _lines, fault.Message, fault);
                }

                _read = lines.NextOffset;
            }
        }
        catch (IOException error)
        {
            throw new InvalidSessionFileException(_path, _lines, "it cannot be read: " + error.Message, error);
        }

        return Describe(_entries.Skip(before), entry => SessionReader.ReadEntry(handle, _path, _header.Version, entry));
    }

    /// <summary>Another file, or one that was cut: what stands behind the place that was read is what was added.</summary>
    private List<OpiEntry> ReadAnew()
    {
        long after = _read;
        using SessionReader reader = SessionReader.Open(_path, _cancellation);
        Take(reader);
        return Describe(_entries.Where(entry => entry.Offset >= after), reader.Read);
    }

    private void Take(SessionReader reader)
    {
        _header = reader.Header;
        _entries = [.. reader.Entries];
        _file = FileIdentity.Of(_path);
        _read = reader.Recovery.TornTailOffset ?? reader.Length;
        _lines = _entries.Count == 0 ? 1 : _entries[^1].Line;
    }

    private List<OpiEntry> Describe(IEnumerable<IndexedEntry> added, Func<IndexedEntry, SessionEntry> read)
    {
        IndexedEntry[] entries = [.. added];
        if (entries.Length == 0)
        {
            return [];
        }

        var tree = new SessionTree(_entries);
        IReadOnlySet<string> pins = ContextEntries.PinsOf(tree);
        return [.. entries.Select(entry => OpiEntry.Create(_header.Id, read(entry), tree.IsActive(entry), pins.Contains(entry.Id)))];
    }
}
