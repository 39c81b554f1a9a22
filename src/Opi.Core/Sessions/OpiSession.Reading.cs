namespace Opi;

public sealed partial class OpiSession
{
    /// <summary>
    /// The entries of the session, in the order of the file. Which there are is known from memory; each is read from the file when it is
    /// asked for.
    /// </summary>
    /// <param name="types">Only these types; null for all.</param>
    /// <param name="first">Only so many of the first ones; null for all.</param>
    /// <param name="last">Only so many of the last ones; null for all.</param>
    /// <exception cref="OpiException">SessionClosed: the session was closed.</exception>
    public IEnumerable<OpiEntry> ReadEntries(IReadOnlyCollection<EntryType>? types = null, int? first = null, int? last = null)
    {
        lock (_gate)
        {
            RequireOpenFile();
            return Read(Choose(_coordinator.Index, types, first, last));
        }
    }

    /// <summary>An entry of the session, whole, whether it is in the context or has left it.</summary>
    /// <exception cref="OpiException">EntryNotFound: there is none of this id.</exception>
    /// <exception cref="OpiException">SessionClosed: the session was closed.</exception>
    public OpiEntry ReadEntry(string entryId)
    {
        lock (_gate)
        {
            RequireOpenFile();
            return Read([_coordinator.CurrentTree.FindEntry(entryId) ?? throw EntryNotFoundException.NoEntry(Id, entryId, _coordinator.CurrentTree)])
                .First();
        }
    }

    /// <summary>The context with its entries, read from the file.</summary>
    internal IReadOnlyList<ContextEntry> ReadContextEntries()
    {
        lock (_gate)
        {
            RequireOpenFile();
            return [.. _coordinator.CompactionEntries.Select(entry => new ReadContextEntry(entry))];
        }
    }

    private IEnumerable<OpiEntry> Read(IndexedEntry[] wanted)
    {
        SessionTree tree = _coordinator.CurrentTree;
        HashSet<string> pins = [.. _coordinator.Pins];
        return wanted.Select(entry =>
        {
            lock (_gate)
            {
                RequireOpenFile();
                return OpiEntry.Create(Id, _coordinator.ReadEntry(entry), tree.IsActive(entry), pins.Contains(entry.Id));
            }
        });
    }

    /// <summary>Whether the file says which model is active: by an answer, or by a change of the model.</summary>
    internal bool HasModelInFile
    {
        get
        {
            lock (_gate)
            {
                return SessionMetadata.ActiveModel(_coordinator.Index, _coordinator.CurrentTree) is not null;
            }
        }
    }

    /// <summary>The largest entry of the context and its estimated tokens; null when the context is empty. Reads it from the file.</summary>
    internal (string Id, long Tokens)? LargestEntry()
    {
        lock (_gate)
        {
            RequireOpenFile();
            return _coordinator.LargestEntry();
        }
    }

    /// <summary>The branches of the session's tree. Reads the text of each tip.</summary>
    /// <exception cref="OpiException">SessionClosed: the session was closed.</exception>
    public IReadOnlyList<OpiBranch> ReadBranches()
    {
        lock (_gate)
        {
            RequireOpenFile();
            return [.. _coordinator.KnownBranches() ?? OpiBranch.Of(Id, _coordinator.CurrentTree, _coordinator.ReadEntry)];
        }
    }

    /// <summary>Whether all of its entries were read: of a large session with an index that fits only what is asked for is.</summary>
    internal bool IsRead => _coordinator.IsRead;

    /// <summary>How often it has written since it was opened.</summary>
    internal int Batches => _coordinator.Batches;

    /// <summary>How many turns wait for the one that is being written.</summary>
    internal int TurnsWaiting => _waiting.Count;

    /// <summary>Reads from the end that is asked for, so that a few entries of a long session cost no more than of a short one.</summary>
    private static IndexedEntry[] Choose(IReadOnlyList<IndexedEntry> index, IReadOnlyCollection<EntryType>? types, int? first, int? last)
    {
        int most = Math.Min(first ?? int.MaxValue, last ?? int.MaxValue);
        var chosen = new List<IndexedEntry>();
        for (int i = 0; i < index.Count && chosen.Count < most; i++)
        {
            IndexedEntry entry = last is null ? index[i] : index[index.Count - 1 - i];
            if (types is null || types.Contains(entry.Type))
            {
                chosen.Add(entry);
            }
        }

        if (last is not null)
        {
            chosen.Reverse();
        }

        return [.. chosen];
    }

    /// <summary>A summarizer may read the session that it summarises.</summary>
    private void RequireOpenFile()
    {
        if (State == OpiSessionState.Closed)
        {
            throw new SessionClosedException(Id);
        }
    }
}
