namespace Opi;

/// <summary>
/// Builds the context entry by entry, for a session that is written and for one that is read from its file.
/// Compactions remove messages except pinned ones; clearings replace tools' results by a line.
/// </summary>
/// <param name="load">Reads the message of an entry.</param>
/// <param name="sequence">Numbers the summaries.</param>
internal sealed class ContextEntries(Func<IndexedEntry, AgentMessage> load, EntrySequence sequence)
{
    private readonly List<IndexedContextEntry> _entries = [];
    private readonly List<IndexedEntry> _left = []; // messages that compactions took away
    private readonly HashSet<string> _pins = new(StringComparer.Ordinal);

    /// <summary>The messages of the context with their entries, oldest first.</summary>
    public IReadOnlyList<ContextEntry> Entries => _entries;

    /// <summary>The positions of the messages in the session's index, oldest first.</summary>
    public IEnumerable<IndexedEntry> Sources => _entries.Select(entry => entry.Source);

    /// <summary>The ids of the entries that compactions keep.</summary>
    public IReadOnlySet<string> Pins => _pins;

    /// <summary>Whether pins or clearings, which are not entries of the conversation, changed it.</summary>
    public bool IsChangedBeside { get; private set; }

    /// <summary>Takes the next entry of the conversation, or one that hangs on it.</summary>
    public void Take(IndexedEntry entry)
    {
        IsChangedBeside |= entry.Type is EntryType.ToolResultsCleared or EntryType.Pin;
        switch (entry.Type)
        {
            case EntryType.Message or EntryType.BranchSummary:
                _entries.Add(Whole(entry));
                break;
            case EntryType.Compaction:
                Compact(entry);
                break;
            case EntryType.ToolResultsCleared:
                Clear(entry);
                break;
            case EntryType.Pin:
                Change(_pins, entry);
                if (!entry.Removes)
                {
                    BringBack(entry);
                }

                break;
            default:
                throw new ArgumentException($"An entry of type {entry.Type} is not part of a context.", nameof(entry));
        }
    }

    /// <summary>The ids of the entries that the pins of a conversation name.</summary>
    public static IReadOnlySet<string> PinsOf(SessionTree tree)
    {
        var pins = new HashSet<string>(StringComparer.Ordinal);
        foreach (IndexedEntry entry in tree.ContextBranch.Where(entry => entry.Type == EntryType.Pin))
        {
            Change(pins, entry);
        }

        return pins;
    }

    private static void Change(HashSet<string> pins, IndexedEntry pin)
    {
        if (pin.Removes)
        {
            pins.ExceptWith(pin.TargetIds!);
        }
        else
        {
            pins.UnionWith(pin.TargetIds!);
        }
    }

    private IndexedContextEntry Whole(IndexedEntry entry) => new(entry.Id, entry, load) { Pins = _pins };

    /// <summary>As the seed does it: what is kept is looked up, and where it is not found nothing is kept; but pins hold what they hold.</summary>
    private void Compact(IndexedEntry compaction)
    {
        int kept = _entries.FindIndex(candidate => candidate.Id == compaction.TargetId);
        kept = kept < 0 ? _entries.Count : kept;
        bool[]? held = _pins.Count == 0 ? null : ToolGroups.Held(_entries, kept);
        var carried = new List<IndexedContextEntry>();
        for (int i = 0; i < kept; i++)
        {
            if (held?[i] == true)
            {
                carried.Add(_entries[i].Carried(compaction.Line));
            }
            else if (_entries[i].Source.Type == EntryType.Message)
            {
                _left.Add(_entries[i].Source);
            }
        }

        _entries.RemoveRange(0, kept);
        _entries.InsertRange(0, carried);
        _entries.Insert(0, new IndexedContextEntry(sequence.Next("sum"), compaction, load));
    }

    private void Clear(IndexedEntry clearing)
    {
        HashSet<string> ids = [.. clearing.TargetIds!];
        for (int i = 0; i < _entries.Count; i++)
        {
            if (_entries[i] is { Role: EntryRole.ToolResult, IsCleared: false, IsPinned: false } && ids.Contains(_entries[i].Id))
            {
                _entries[i] = _entries[i].Cleared(clearing.Line);
            }
        }
    }

    /// <summary>What was cleared and is pinned now is whole again, and what had left the context comes back, right behind the summary.</summary>
    private void BringBack(IndexedEntry pin)
    {
        HashSet<string> ids = [.. pin.TargetIds!];
        for (int i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].IsCleared && ids.Contains(_entries[i].Id))
            {
                _entries[i] = _entries[i].Restored(pin.Line);
            }
        }

        if (!_left.Exists(entry => ids.Contains(entry.Id)))
        {
            return;
        }

        IndexedContextEntry[] left = [.. _left.Select(Whole)];
        bool[] held = ToolGroups.Held(left, left.Length)!;
        int carried = _entries.FindIndex(entry => entry is { IsCarried: false, IsSummary: false });
        carried = carried < 0 ? _entries.Count : carried;
        int first = _entries is [{ IsSummary: true }, ..] ? 1 : 0;
        List<IndexedContextEntry> back = [.. left.Where((_, place) => held[place]).Select(entry => entry.Carried(pin.Line))];
        back.AddRange(_entries[first..carried]);
        _entries.RemoveRange(first, carried - first);
        _entries.InsertRange(first, back.OrderBy(entry => entry.Line));
        _left.RemoveAll(entry => back.Exists(came => came.Source == entry));
    }
}
