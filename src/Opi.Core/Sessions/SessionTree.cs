namespace Opi;

/// <summary>
/// Which entries of a session are active. Entries name their parent, so that they form a tree; a leaf entry names the tip of the active
/// branch, and the newest one that points to something counts. A session without a leaf never branched: all its entries are active, in
/// the order of the file, unless their parents show branches: then it is the branch of the last one.
/// </summary>
internal sealed partial class SessionTree
{
    private readonly IReadOnlyList<IndexedEntry> _entries;
    private readonly Dictionary<string, int> _positions;
    private readonly bool _idsDiffer; // no id is used twice
    private readonly List<TreeWarning> _warnings = [];
    private readonly bool _isLinear;
    private IReadOnlyList<TreeBranch>? _branches;
    private HashSet<IndexedEntry>? _active;

    internal SessionTree(IReadOnlyList<IndexedEntry> entries)
    {
        _entries = entries;
        _positions = new Dictionary<string, int>(entries.Count);
        int nodes = 0;
        for (int i = 0; i < entries.Count; i++)
        {
            // Of equal ids the later one counts. A leaf is not part of the tree.
            if (entries[i].Type != EntryType.Leaf)
            {
                _positions[entries[i].Id] = i;
                nodes++;
            }
        }

        _idsDiffer = _positions.Count == nodes;
        int tip = FindLeafTarget();
        HasLeaf = tip >= 0;
        if (tip < 0 && IsOneTree())
        {
            tip = LastContent();
        }

        _isLinear = tip < 0;
        List<IndexedEntry> branch = _isLinear ? [.. entries.Where(entry => entry.IsContent)] : Chain(tip, report: true);
        ActiveBranch = branch;
        ActiveTip = branch.Count > 0 ? branch[^1] : null;
    }

    /// <summary>The messages and compactions active, oldest first.</summary>
    public IReadOnlyList<IndexedEntry> ActiveBranch { get; }

    internal bool IsActive(IndexedEntry entry) => (_active ??= [.. ActiveBranch]).Contains(entry);

    /// <summary>The last of them; null in an empty session. The next entry hangs there.</summary>
    public IndexedEntry? ActiveTip { get; }

    /// <summary>Whether a leaf entry decides, so that every further turn needs one too.</summary>
    public bool HasLeaf { get; }

    /// <summary>Whether ids are used twice, so that an id may lead to the wrong entry.</summary>
    internal bool HasRepeatedIds => !_idsDiffer;

    /// <summary>Whether only the order of the file is active, because the parents do not make one tree.</summary>
    internal bool IsInFileOrder => _isLinear;

    /// <summary>What was worked around.</summary>
    public IReadOnlyList<TreeWarning> Warnings => _warnings;

    /// <summary>
    /// The stretches between forks, each start and each fork's children in the order of their numbers. Where only the order of the file is
    /// active there is one.
    /// </summary>
    internal IReadOnlyList<TreeBranch> Branches => _branches ??= FindBranches();

    /// <summary>The stretch that the active conversation ends in; null in an empty session.</summary>
    internal TreeBranch? FindActiveBranch() => ActiveTip is null
        ? null
        : Branches.FirstOrDefault(branch => branch.Tip == ActiveTip) ?? FindBranchThrough(ActiveTip);

    /// <summary>
    /// The first branch whose path from the start contains an entry. An entry is visited once, however many tips come after it, so that many
    /// branches cost no more than their entries.
    /// </summary>
    private TreeBranch? FindBranchThrough(IndexedEntry entry)
    {
        if (_isLinear)
        {
            return Branches.FirstOrDefault(branch => ChainTo(branch.Tip).Contains(entry)); // there is one
        }

        bool[] passed = new bool[_entries.Count];
        foreach (TreeBranch branch in Branches)
        {
            // What was passed before did not lead to the entry, or the search would have ended there.
            for (int position = _positions[branch.Tip.Id]; position >= 0 && !passed[position]; position = FindParent(position, out _))
            {
                if (_entries[position] == entry)
                {
                    return branch;
                }

                passed[position] = true;
                EntriesPassed++;
            }
        }

        return null;
    }

    /// <summary>How many entries were passed to find the active branch.</summary>
    internal int EntriesPassed { get; private set; }

    /// <summary>
    /// The entries a context and its cost are made of: the active messages and compactions, each followed by the summaries of branches
    /// left there, by failed compactions, by clearings of tools' results and by pins.
    /// </summary>
    internal IEnumerable<IndexedEntry> ContextBranch
    {
        get
        {
            IndexedEntry[] hanging = [.. _entries.Where(entry => entry is { ParentId: not null, Type: EntryType.BranchSummary
                or EntryType.CompactionFailure or EntryType.ToolResultsCleared or EntryType.Pin })];
            if (hanging.Length == 0)
            {
                return ActiveBranch;
            }

            ILookup<string, IndexedEntry> ofParent = hanging.ToLookup(entry => entry.ParentId!);
            return ActiveBranch.SelectMany(entry => ofParent[entry.Id].Prepend(entry));
        }
    }

    /// <summary>The messages and compactions from the start to an entry.</summary>
    internal IReadOnlyList<IndexedEntry> ChainTo(IndexedEntry tip) =>
        _isLinear ? [.. ActiveBranch.TakeWhile(entry => entry != tip), tip] : Chain(_positions[tip.Id]);

    /// <summary>The ids most like one that is not there, for an error message.</summary>
    internal IReadOnlyList<string> NearIds(string id, int count, Func<IndexedEntry, bool>? isWanted = null)
    {
        UInt128 number = EntrySequence.NumberOf(id);
        return [.. _entries
            .Where(isWanted ?? (entry => entry.IsContent))
            .OrderBy(entry => Distance(EntrySequence.NumberOf(entry.Id), number))
            .Take(count)
            .Select(entry => entry.Id)];

        static UInt128 Distance(UInt128 left, UInt128 right) => left > right ? left - right : right - left;
    }

    /// <summary>The last entry with this id that can be a tip: a message or a compaction. Null when there is none.</summary>
    public IndexedEntry? FindContent(string id) =>
        _positions.TryGetValue(id, out int position) && _entries[position].IsContent ? _entries[position] : null;

    /// <summary>The last entry with this id, of any type; null when there is none.</summary>
    internal IndexedEntry? FindEntry(string id) =>
        _positions.TryGetValue(id, out int position) ? _entries[position] : _entries.LastOrDefault(entry => entry.Id == id); // a leaf

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
                _warnings.Add(
                    new TreeWarning(
                        "LeafTargetMissing",
                        leaf.Id,
                        $"The leaf '{leaf.Id}' points to '{leaf.TargetId}', which is not an entry of the conversation; {remedy}."));
            }
        }
    }

    /// <summary>The position of the entry with an id, which is mostly the expected one; -1 when there is none.</summary>
    private int Find(string? id, int expected) =>
        id is null ? -1
        : _idsDiffer && expected >= 0 && ReferenceEquals(_entries[expected].Id, id) && _entries[expected].Type != EntryType.Leaf ? expected
        : _positions.GetValueOrDefault(id, -1);

    private int LastContent()
    {
        int last = _entries.Count - 1;
        while (last >= 0 && !_entries[last].IsContent)
        {
            last--;
        }

        return last;
    }

    private List<IndexedEntry> Chain(int tip, bool report = false)
    {
        var chain = new List<IndexedEntry>();
        bool[] visited = new bool[_entries.Count];
        int position = tip;
        while (position >= 0)
        {
            if (visited[position])
            {
                Warn(
                    report,
                    new TreeWarning(
                        "Cycle", _entries[position].Id, $"The parents of '{_entries[position].Id}' lead back to it; the conversation starts there."));
                break;
            }

            visited[position] = true;
            IndexedEntry entry = _entries[position];
            if (entry.IsContent)
            {
                chain.Add(entry);
            }

            position = ParentOf(position, report);
        }

        chain.Reverse();
        return chain;
    }

    private int ParentOf(int position, bool report)
    {
        int parent = FindParent(position, out bool missing);
        if (missing)
        {
            IndexedEntry entry = _entries[position];
            string remedy = parent >= 0
                ? $"it stood among the corrupt lines before it, so '{_entries[parent].Id}' before those was taken"
                : "the conversation starts there";
            Warn(report, new TreeWarning("ParentMissing", entry.Id, $"The parent '{entry.ParentId}' of '{entry.Id}' is not in the file; {remedy}."));
        }

        return parent;
    }

    private void Warn(bool report, TreeWarning warning)
    {
        if (report)
        {
            _warnings.Add(warning);
        }
    }

    /// <summary>The position of an entry's parent; -1 for none. A parent that may be one of the corrupt lines directly before the entry is
    /// replaced by the entry before those, which was the parent of the first of them.</summary>
    private int FindParent(int position, out bool missing)
    {
        IndexedEntry entry = _entries[position];
        missing = false;
        if (entry.ParentId is not { } parent)
        {
            return -1;
        }

        if (Find(parent, position - 1) is >= 0 and int found)
        {
            return found;
        }

        missing = true;
        int before = position - 1;
        while (entry.FollowsFault && before >= 0 && !_entries[before].IsContent)
        {
            before--;
        }

        return entry.FollowsFault ? before : -1;
    }

    private List<TreeBranch> FindBranches()
    {
        if (_isLinear)
        {
            return ActiveTip is null ? [] : [new TreeBranch(ActiveTip, ActiveBranch.Count - 1, ActiveBranch.Count, null)];
        }

        var children = new Dictionary<int, List<int>>();
        var roots = new List<int>();
        for (int i = 0; i < _entries.Count; i++)
        {
            // An entry that a later one of the same id replaces is out of the tree.
            if (!_entries[i].IsContent || _positions[_entries[i].Id] != i)
            {
                continue;
            }

            int parent = ContentParentOf(i);
            if (parent < 0)
            {
                roots.Add(i);
            }
            else
            {
                (children.TryGetValue(parent, out List<int>? list) ? list : children[parent] = []).Add(i);
            }
        }

        var branches = new List<TreeBranch>();
        var visited = new HashSet<int>();
        var pending = new Stack<(int Start, int Depth, int ForkPoint)>();
        Push(roots, 0, -1);
        Walk();

        // Entries that no start leads to are part of a cycle: each is a branch by itself.
        foreach (int i in children.Values.SelectMany(list => list).Where(i => !visited.Contains(i)).Order())
        {
            branches.Add(new TreeBranch(_entries[i], 0, 1, null));
        }

        return branches;

        void Push(List<int> starts, int depth, int forkPoint)
        {
            starts.Sort((left, right) => EntrySequence.Compare(_entries[right].Id, _entries[left].Id));
            foreach (int start in starts)
            {
                pending.Push((start, depth, forkPoint));
            }
        }

        void Walk()
        {
            while (pending.TryPop(out (int Start, int Depth, int ForkPoint) next))
            {
                int position = next.Start, depth = next.Depth, count = 1;
                visited.Add(position);
                while (children.TryGetValue(position, out List<int>? only) && only.Count == 1 && visited.Add(only[0]))
                {
                    position = only[0];
                    depth++;
                    count++;
                }

                branches.Add(new TreeBranch(_entries[position], depth, count, next.ForkPoint < 0 ? null : _entries[next.ForkPoint]));
                if (children.TryGetValue(position, out List<int>? several) && several.Count > 1)
                {
                    Push(several, depth + 1, position);
                }
            }
        }
    }

    /// <summary>The nearest message or compaction above an entry; what lies between is metadata. -1 for none.</summary>
    internal int ContentParentOf(int position)
    {
        HashSet<int>? seen = null;
        int parent = FindParent(position, out _);
        while (parent >= 0 && !_entries[parent].IsContent)
        {
            parent = (seen ??= []).Add(parent) ? FindParent(parent, out _) : -1; // metadata that hangs on itself leads nowhere
        }

        return parent;
    }

    /// <summary>For each entry of the conversation the place of its stretch among <see cref="Branches"/>; for all else nothing that counts.</summary>
    internal int[] PlaceInBranches()
    {
        int[] places = new int[_entries.Count];
        for (int i = 0; i < Branches.Count; i++)
        {
            int position = _positions[Branches[i].Tip.Id];
            for (int left = Branches[i].EntryCount; left > 0 && position >= 0; left--)
            {
                places[position] = i;
                position = ContentParentOf(position);
            }
        }

        return places;
    }
}
