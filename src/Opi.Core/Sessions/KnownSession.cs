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

    public string Path { get; }

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
            throw InvalidSessionFileException.NotRead(path, error);
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

    /// <summary>The model active, as <c>provider:model</c>; null for none.</summary>
    public string? Model => _facts.Model;

    /// <summary>What the metadata active says.</summary>
    public SessionMetadata Metadata => _facts.Metadata;

    /// <summary>How many turns it has, over all branches.</summary>
    public int Turns => _facts.Turns;

    /// <summary>The first prompt of the file; null for none.</summary>
    /// <exception cref="InvalidSessionFileException">The file has changed since its index was made.</exception>
    public SessionEntry? ReadFirstPrompt() =>
        Turns > 0 && FromStart().FirstOrDefault(entry => entry.Role == EntryRole.User) is { } prompt ? Read(prompt) : null;

    /// <summary>What is known of the last message of the file; null for none.</summary>
    /// <exception cref="InvalidSessionFileException">The file has changed since its index was made.</exception>
    public IndexedEntry? FindLastMessage() => _facts.CountInForce == 0 ? null : FromEnd().FirstOrDefault(entry => entry.Type == EntryType.Message);

    /// <summary>An entry by its id, whole; null when the file has to be read to know whether there is one.</summary>
    /// <exception cref="InvalidSessionFileException">The file has changed since its index was made.</exception>
    public OpiEntry? FindEntry(string id)
    {
        try
        {
            return _facts.Find(id, Lines) is { } entry ? OpiEntry.Create(Header.Id, Read(entry), _facts.IsInForce(entry)) : null;
        }
        catch (Exception error) when (error is IOException or WireException)
        {
            return null; // the file is not what its index says; all of it is read instead
        }
    }

    /// <summary>
    /// The context, of which only as much of the file is read as it has messages; null when all entries have to be read.
    /// </summary>
    /// <exception cref="InvalidSessionFileException">The file has changed since its index was made.</exception>
    public IReadOnlyList<ContextEntry>? ReadContext(CancellationToken cancellationToken = default)
    {
        if (_facts is not { HasBranchSummary: false, HasClearing: false, ContextCount: { } count })
        {
            return null;
        }

        bool hasSummary = _facts.Summaries > 0;
        int wanted = hasSummary ? count - 1 : count;
        IndexedEntry? summary = null;
        var messages = new List<IndexedEntry>(wanted);
        foreach (IndexedEntry entry in count == 0 ? [] : FromEnd().Where(_facts.IsInForce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entry.Type == EntryType.Compaction)
            {
                summary ??= entry;
            }
            else if (messages.Count < wanted)
            {
                messages.Add(entry);
            }

            if (messages.Count == wanted && (summary is not null || !hasSummary))
            {
                break;
            }
        }

        if (messages.Count != wanted || summary is null == hasSummary)
        {
            return null;
        }

        messages.Reverse();
        IEnumerable<IndexedContextEntry> context = messages.Select(entry => new IndexedContextEntry(entry.Id, entry, Message));
        string id = $"sum-{_facts.Sequence.Mark() + (uint)_facts.Summaries - 1}"; // the number that it has where all of the file is read
        return summary is null ? [.. context] : [new IndexedContextEntry(id, summary, Message), .. context];

        AgentMessage Message(IndexedEntry entry) => SessionReader.MessageOf(Read(entry));
    }

    /// <summary>
    /// The entries of the active conversation, or of that up to an entry, and all that hangs on them, in the order of the file; null where only the
    /// whole file tells.
    /// </summary>
    public IReadOnlyList<IndexedEntry>? FindConversation(string? entryId)
    {
        try
        {
            return _facts.Conversation(entryId, Lines);
        }
        catch (Exception error) when (error is IOException or WireException)
        {
            return null; // the file is not what its index says; all of it is read instead
        }
    }

    /// <summary>Copies an entry's line as it is, with its LF.</summary>
    public void CopyLine(IndexedEntry entry, Stream target) => SessionReader.CopyLine(_file, entry, target);

    /// <summary>The branches of the tree, with the text of each tip; null where the index does not have them.</summary>
    /// <exception cref="InvalidSessionFileException">The file has changed since its index was made.</exception>
    public IEnumerable<OpiBranch>? ReadBranches() => _facts.ReadBranches(Header.Id, Lines);

    public void Dispose() => _file.Dispose();

    private SessionLines Lines => new(_file, Path, Header.Version);

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

    private IndexedEntry Describe(ReadOnlySpan<byte> line, LinePlace place)
    {
        try
        {
            var shared = new SessionIndexer.SharedTexts();
            return SessionIndexer.Describe(line, Header.Version, place.Line, place.Offset, afterFault: false, ref shared);
        }
        catch (WireException fault)
        {
            throw InvalidSessionFileException.Changed(Path, place.Line, fault);
        }
    }
}
