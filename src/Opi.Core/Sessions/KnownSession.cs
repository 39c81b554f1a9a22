using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// A session file with an index that has all that its ends and branches need, so that only the entries that are asked for are read. Reading
/// never changes the file and never hinders a writer.
/// </summary>
internal sealed class KnownSession : IDisposable
{
    private const int ChunkSize = 1 << 14;

    private readonly SafeFileHandle _file;
    private readonly SessionFacts _facts;

    private KnownSession(string path, SafeFileHandle file, SessionHeader header, SessionFacts facts) =>
        (Path, _file, Header, _facts) = (path, file, header, facts);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The first line.</summary>
    public SessionHeader Header { get; }

    /// <summary>How many bytes of the session file were read for entries.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Opens a session file; null when it has no index that fits, and has to be read whole.</summary>
    /// <exception cref="SessionNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidSessionFileException">It is not a session file, or cannot be read.</exception>
    public static KnownSession? TryOpen(string path)
    {
        SafeFileHandle file = SessionReader.OpenHandle(path);
        KnownSession? session = null;
        try
        {
            SessionHeader header = SessionReader.ReadHeader(file, path);
            session = SessionIndexFile.ReadForReader(path, file, header.Version) is { } facts ? new KnownSession(path, file, header, facts) : null;
            return session;
        }
        catch (IOException error)
        {
            throw new InvalidSessionFileException(path, 1, "it cannot be read: " + error.Message, error);
        }
        finally
        {
            if (session is null)
            {
                file.Dispose();
            }
        }
    }

    /// <summary>What follows the file from here. It can be used when this is closed.</summary>
    public SessionFollower Follow(CancellationToken cancellationToken) => new(Path, FileIdentity.Of(_file), Header, _facts, cancellationToken);

    /// <summary>Entries of the session in the order of the file: each is read when it is asked for, and later ones are not read.</summary>
    /// <param name="types">Only these types; null for all.</param>
    /// <param name="first">Only so many of the first ones; null for all.</param>
    /// <param name="last">Only so many of the last ones; null for all. They are read from the end.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="InvalidSessionFileException">The file has changed since its index was made.</exception>
    public IEnumerable<OpiEntry> ReadEntries(
        IReadOnlyCollection<EntryType>? types = null, int? first = null, int? last = null, CancellationToken cancellationToken = default)
    {
        bool Wants(IndexedEntry entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return types is null || types.Contains(entry.Type);
        }

        IEnumerable<IndexedEntry> found = last is { } count
            ? FromEnd().Where(Wants).Take(count).Reverse()
            : FromStart().Where(Wants).Take(first ?? int.MaxValue);
        return found.Select(entry => OpiEntry.Create(Header.Id, Read(entry), _facts.IsInForce(entry)));
    }

    /// <summary>The branches of the tree, with the text of each tip; null where the index does not have them.</summary>
    public IEnumerable<OpiBranch>? ReadBranches() => _facts.Branches?.Select((branch, i) =>
    {
        IndexedEntry tip = Describe(branch.At);
        return new OpiBranch(
            Header.Id,
            branch.Tip,
            branch.Depth,
            branch.Entries,
            branch.ForkPoint,
            WireTime.Parse(tip.Timestamp),
            OpiEntry.Create(Header.Id, Read(tip), onActiveBranch: true).Text,
            i == _facts.ActiveBranch ? _facts.Tip!.Id : null);
    });

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private SessionEntry Read(IndexedEntry entry) => SessionReader.ReadEntry(_file, Path, Header.Version, entry);

    private IEnumerable<IndexedEntry> FromStart()
    {
        using var lines = new LineReader(_file, chunkSize: ChunkSize);
        long number = 0;
        while (lines.Next() && lines.NextOffset <= _facts.Length)
        {
            BytesRead = lines.NextOffset;
            if (++number > 1 && !SessionIndexer.IsBlank(lines.Line))
            {
                yield return Describe(lines.Line, new LinePlace(number, lines.Offset, lines.Line.Length));
            }
        }
    }

    private IEnumerable<IndexedEntry> FromEnd()
    {
        using var lines = new LinesFromEnd(_file, _facts.Length);
        long number = _facts.Lines + 1;
        while (lines.Previous() && lines.Offset > 0)
        {
            number--;
            BytesRead = lines.BytesRead;
            if (!SessionIndexer.IsBlank(lines.Line))
            {
                yield return Describe(lines.Line, new LinePlace(number, lines.Offset, lines.Line.Length));
            }
        }
    }

    private IndexedEntry Describe(LinePlace place)
    {
        using var lines = new LineReader(_file, place.Offset, ChunkSize);
        return lines.Next() && lines.Line.Length == place.Length ? Describe(lines.Line, place) : throw Changed(place, "it has another length");
    }

    private IndexedEntry Describe(ReadOnlySpan<byte> line, LinePlace place)
    {
        try
        {
            var shared = new SessionIndexer.SharedTexts();
            return SessionIndexer.Describe(line, Header.Version, place.Line, place.Offset, afterFault: false, ref shared);
        }
        catch (WireException fault)
        {
            throw Changed(place, fault.Message);
        }
    }

    private InvalidSessionFileException Changed(LinePlace place, string reason) =>
        new(Path, place.Line, "the line has changed since it was indexed: " + reason, null);
}
