namespace Opi;

/// <summary>Something in a session's tree that is not as it should be, and was worked around.</summary>
/// <param name="Code">Names it: LeafTargetMissing, ParentMissing, Cycle.</param>
/// <param name="EntryId">The entry.</param>
/// <param name="Message">What was found and what was done.</param>
public sealed record TreeWarning(string Code, string EntryId, string Message);

/// <summary>
/// Which entries of a session are in force. Entries name their parent, so that they form a tree; a leaf entry names the tip of the active
/// branch, and the newest one that points to something counts. A session without a leaf never branched: all its entries are in force, in
/// the order of the file, unless their parents tell of branches: then it is the branch of the last one.
/// </summary>
public sealed class SessionTree
{
    private readonly IReadOnlyList<IndexedEntry> _entries;
    private readonly Dictionary<string, int> _positions = [];
    private readonly List<TreeWarning> _warnings = [];

    internal SessionTree(IReadOnlyList<IndexedEntry> entries)
    {
        _entries = entries;
        for (int i = 0; i < entries.Count; i++)
        {
            // Of equal ids the later one counts. A leaf is not part of the tree.
            if (entries[i].Type != EntryType.Leaf)
            {
                _positions[entries[i].Id] = i;
            }
        }

        int tip = FindLeafTarget();
        HasLeaf = tip >= 0;
        if (tip < 0 && IsOneTree())
        {
            tip = LastContent();
        }

        List<IndexedEntry> branch = tip < 0 ? [.. entries.Where(entry => entry.IsContent)] : Chain(tip);
        ActiveBranch = branch;
        ActiveTip = branch.Count > 0 ? branch[^1] : null;
    }

    /// <summary>The messages and compactions in force, oldest first.</summary>
    public IReadOnlyList<IndexedEntry> ActiveBranch { get; }

    /// <summary>The last of them; null in an empty session. The next entry hangs there.</summary>
    public IndexedEntry? ActiveTip { get; }

    /// <summary>Whether a leaf entry decides, so that every further turn needs one too.</summary>
    public bool HasLeaf { get; }

    /// <summary>What was worked around.</summary>
    public IReadOnlyList<TreeWarning> Warnings => _warnings;

    /// <summary>The last entry of this id that can be a tip: a message or a compaction. Null when there is none.</summary>
    public IndexedEntry? FindContent(string id) =>
        _positions.TryGetValue(id, out int position) && _entries[position].IsContent ? _entries[position] : null;

    private int FindLeafTarget()
    {
        IndexedEntry? stale = null;
        for (int i = _entries.Count - 1; i >= 0; i--)
        {
            if (_entries[i] is not { Type: EntryType.Leaf, TargetId: { } target } leaf)
            {
                continue;
            }

            if (FindContent(target) is not null)
            {
                Report(stale, $"the newest leaf that points to one, '{leaf.Id}', was used");
                return _positions[target];
            }

            stale ??= leaf;
        }

        Report(stale, "the end of the file was used");
        return -1;

        void Report(IndexedEntry? leaf, string remedy)
        {
            if (leaf is not null)
            {
                _warnings.Add(new TreeWarning("LeafTargetMissing", leaf.Id, $"The leaf '{leaf.Id}' points to '{leaf.TargetId}', which is no entry of the conversation; {remedy}."));
            }
        }
    }

    /// <summary>
    /// Whether the parents make one tree. Sessions of the first opi versions name no parents at all; then, and where a lost line has cut
    /// the tree in two, only the order of the file is left to go by.
    /// </summary>
    private bool IsOneTree()
    {
        int roots = 0;
        foreach (IndexedEntry entry in _entries)
        {
            roots += entry.IsContent && (entry.ParentId is null || !_positions.ContainsKey(entry.ParentId)) ? 1 : 0;
        }

        return roots == 1;
    }

    private int LastContent()
    {
        int last = _entries.Count - 1;
        while (last >= 0 && !_entries[last].IsContent)
        {
            last--;
        }

        return last;
    }

    private List<IndexedEntry> Chain(int tip)
    {
        var chain = new List<IndexedEntry>();
        var visited = new HashSet<int>();
        int position = tip;
        while (position >= 0)
        {
            if (!visited.Add(position))
            {
                _warnings.Add(new TreeWarning("Cycle", _entries[position].Id, $"The parents of '{_entries[position].Id}' lead back to it; the conversation starts there."));
                break;
            }

            IndexedEntry entry = _entries[position];
            if (entry.IsContent)
            {
                chain.Add(entry);
            }

            position = ParentOf(position);
        }

        chain.Reverse();
        return chain;
    }

    private int ParentOf(int position)
    {
        IndexedEntry entry = _entries[position];
        if (entry.ParentId is not { } parent)
        {
            return -1;
        }

        if (_positions.TryGetValue(parent, out int found))
        {
            return found;
        }

        // The parent may be one of the corrupt lines directly before this one. What stands before those was its parent in turn.
        int before = position - 1;
        while (entry.FollowsFault && before >= 0 && !_entries[before].IsContent)
        {
            before--;
        }

        bool bridged = entry.FollowsFault && before >= 0;
        string remedy = bridged
            ? $"it stood among the corrupt lines before it, so '{_entries[before].Id}' before those was taken"
            : "the conversation starts there";
        _warnings.Add(new TreeWarning("ParentMissing", entry.Id, $"The parent '{parent}' of '{entry.Id}' is not in the file; {remedy}."));
        return bridged ? before : -1;
    }
}
