namespace Opi;

/// <summary>
/// What is known of a session as a whole, without its entries: enough to add to it, to show its ends and its branches, and to say what is
/// active. It follows what is added as long as that is regular: new ids, each entry of the conversation on the one active. For all else,
/// and for files with faults, pins, ids that stand twice or anything that was worked around, there are no facts, and the whole file is read.
/// </summary>
internal sealed partial class SessionFacts
{
    /// <summary>Of more stretches nothing is kept; then the whole file is read.</summary>
    private const int MostBranches = 4_096;

    private readonly List<IndexedEntry> _pending = []; // of the conversation, until a leaf says that they are active
    private List<(long From, long To)> _inForce = [];  // first and last offset of each run of the conversation that no other entry of it parts
    private long _lastContent = -1;                    // where the last entry of the conversation begins, of whatever branch

    /// <summary>How many bytes of the file this is about: whole lines.</summary>
    public long Length { get; set; }

    /// <summary>How many lines they are.</summary>
    public long Lines { get; set; }

    /// <summary>How many entries.</summary>
    public int Entries { get; private set; }

    /// <summary>How many turns, those of all branches.</summary>
    public int Turns { get; private set; }

    /// <summary>The numbers of ids, without those that the summaries active get in memory.</summary>
    public EntrySequence Sequence { get; private set; } = new();

    /// <summary>How many compactions are active: each gets a number of the sequence in memory.</summary>
    public int Summaries { get; private set; }

    /// <summary>Whether a leaf decides what is active.</summary>
    public bool HasLeaf { get; private set; }

    /// <summary>Whether only the order of the file is active.</summary>
    public bool IsInFileOrder { get; private set; } = true;

    /// <summary>Whether a branch that was left has a summary: then the context is not the conversation alone.</summary>
    public bool HasBranchSummary { get; private set; }

    /// <summary>Whether tools' results were cleared: then messages of the context are shorter than those of the conversation.</summary>
    public bool HasClearing { get; private set; }

    /// <summary>How many entries of the conversation are active.</summary>
    public int CountInForce { get; private set; }

    /// <summary>The last of them; null in an empty session.</summary>
    public IndexedEntry? Tip { get; private set; }

    /// <summary>The tokens of all that is active, without the turns.</summary>
    public CumulativeUsage Tokens { get; private set; } = CumulativeUsage.Zero;

    /// <summary>The turns active.</summary>
    public TurnCount TurnsInForce { get; private set; }

    /// <summary>How many messages the context has; null where a compaction makes that unknown.</summary>
    public int? ContextCount { get; set; } = 0;

    /// <summary>The model active; null for none.</summary>
    public string? Model { get; private set; }

    /// <summary>What the metadata active says. Whoever adds metadata keeps it.</summary>
    public SessionMetadata Metadata { get; set; } = SessionMetadata.None;

    /// <summary>The stretches of the tree, in their order; null where they are not known.</summary>
    public List<KnownBranch>? Branches { get; private set; } = [];

    /// <summary>Which of them the active conversation ends in.</summary>
    public int ActiveBranch { get; private set; }

    /// <summary>Whether everything that was added has been placed, so that this can be kept.</summary>
    public bool IsWhole => _pending.Count == 0 && ContextCount is not null;

    /// <summary>The facts of a session that was read whole; null where the file is not regular.</summary>
    /// <param name="index">The file. Its length and lines are those of a mended file.</param>
    /// <param name="tree">Its tree.</param>
    /// <param name="context">Its context.</param>
    /// <param name="metadata">What its metadata says.</param>
    /// <param name="withBranches">Whether the stretches of a tree with forks are wanted, which takes as long as the tree.</param>
    public static SessionFacts? Of(
        SessionIndex index, SessionTree tree, SessionContext context, SessionMetadata metadata, bool withBranches)
    {
        if (index.Recovery is { CorruptLines: > 0 } or { UnknownEntries: > 0 } || tree.HasRepeatedIds || tree.Warnings.Count > 0
            || index.Entries.Exists(entry => entry.Type == EntryType.Pin))
        {
            return null;
        }

        var facts = new SessionFacts
        {
            Length = index.Length,
            Lines = index.Lines,
            Entries = index.Entries.Count,
            Sequence = new EntrySequence(index.Entries),
            Summaries = tree.ActiveBranch.Count(entry => entry.Type == EntryType.Compaction),
            HasLeaf = tree.HasLeaf,
            IsInFileOrder = tree.IsInFileOrder,
            CountInForce = tree.ActiveBranch.Count,
            Tip = tree.ActiveTip,
            Tokens = context.Usage with { Turns = 0, UnknownUsageTurns = 0 },
            TurnsInForce = context.Turns,
            ContextCount = context.Entries.Count,
            Model = SessionMetadata.ModelInForce(index.Entries, tree),
            Metadata = metadata,
        };
        return facts.ReadEntries(index.Entries, tree, out int content) ? facts.WithBranches(tree, content, withBranches) : null;
    }

    /// <summary>The same of all that a reader has.</summary>
    public static SessionFacts? Of(SessionIndex index, Func<IndexedEntry, SessionEntry> load)
    {
        var tree = new SessionTree(index.Entries);
        var context = SessionContext.Reconstruct(tree, entry => SessionReader.MessageOf(load(entry)), new EntrySequence());
        return Of(index, tree, context, SessionMetadata.Read(index.Entries, tree, load), withBranches: true);
    }

    /// <summary>Whether an entry is part of the active conversation.</summary>
    public bool IsInForce(IndexedEntry entry)
    {
        if (!entry.IsContent)
        {
            return false;
        }

        int low = 0, high = _inForce.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            (long from, long to) = _inForce[middle];
            if (entry.Offset < from)
            {
                high = middle - 1;
            }
            else if (entry.Offset > to)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Follows an entry that was added behind all others.</summary>
    /// <returns>False where it is not regular: then these facts are wrong from there on.</returns>
    public bool TryAdd(IndexedEntry entry)
    {
        bool isNew = entry.Type == EntryType.Leaf || Sequence.IsNew(entry.Id);
        IndexedEntry? last = _pending.Count > 0 ? _pending[^1] : Tip;
        Sequence.Pass(entry);
        Entries++;
        Turns += entry.Role == EntryRole.User ? 1 : 0;
        Length = entry.Offset + entry.Length + 1;
        Lines = entry.Line;
        if (!isNew || entry.FollowsFault)
        {
            return false;
        }

        switch (entry.Type)
        {
            case EntryType.Leaf:
                return TryMoveTip(entry, last);
            case EntryType.Message or EntryType.Compaction:
                return TryAddContent(entry, last);
            case EntryType.CompactionFailure:
                Tokens = entry.Usage is { } spent && entry.ParentId is not null ? Tokens.Add(spent) : Tokens;
                return _pending.Count == 0 && entry.ParentId == Tip?.Id;
            case EntryType.SessionInfo or EntryType.ModelChange or EntryType.ThinkingLevelChange or EntryType.Label:
                Model = entry.Type == EntryType.ModelChange ? entry.Model : Model;
                return _pending.Count == 0 && entry.ParentId == Tip?.Id && (Tip is not null || _lastContent < 0);
            case EntryType.ToolResultsCleared:
                HasClearing = true;
                return _pending.Count == 0 && entry.ParentId == Tip?.Id;
            case EntryType.ExtensionState:
                return true; // it has no place in the tree that regular entries could hang on
            default:
                return false;
        }
    }

    private bool TryMoveTip(IndexedEntry leaf, IndexedEntry? last)
    {
        if (last is null || leaf.TargetId != last.Id || IsInFileOrder)
        {
            return false;
        }

        HasLeaf = true;
        foreach (IndexedEntry entry in _pending)
        {
            PutInForce(entry);
        }

        _pending.Clear();
        return true;
    }

    private bool TryAddContent(IndexedEntry entry, IndexedEntry? last)
    {
        if (last is null)
        {
            IsInFileOrder = false; // the start of a tree
            if (entry.ParentId is not null || _lastContent >= 0)
            {
                return false;
            }
        }
        else if (!IsInFileOrder && entry.ParentId != last.Id)
        {
            return false;
        }

        if (HasLeaf)
        {
            _pending.Add(entry);
        }
        else
        {
            PutInForce(entry);
        }

        return true;
    }

    private void PutInForce(IndexedEntry entry)
    {
        Extend(entry, continues: _inForce.Count > 0 && _inForce[^1].To == _lastContent);
        AddToBranches(entry);
        if (entry.Usage is { } usage)
        {
            Tokens = Tokens.Add(usage);
        }

        if (entry.Type == EntryType.Compaction)
        {
            Summaries++;
            ContextCount = null;
        }
        else
        {
            ContextCount++;
            Model = entry.Model ?? Model;
            TurnCount turns = TurnsInForce;
            turns.Add(entry.Role, entry.Usage);
            TurnsInForce = turns;
        }

        CountInForce++;
        Tip = entry;
    }

    private void Extend(IndexedEntry entry, bool continues)
    {
        if (continues)
        {
            _inForce[^1] = (_inForce[^1].From, entry.Offset);
        }
        else
        {
            _inForce.Add((entry.Offset, entry.Offset));
        }

        _lastContent = entry.Offset;
    }

    /// <summary>Puts an entry behind the tip: at the end of its stretch, or into a new one that forks from the tip.</summary>
    private void AddToBranches(IndexedEntry entry)
    {
        if (Branches is not { } branches)
        {
            return;
        }

        var place = LinePlace.Of(entry);
        if (Tip is not { } tip)
        {
            branches.Add(new KnownBranch(entry.Id, place, 0, 1, null));
            return;
        }

        int at = ActiveBranch, depth = CountInForce - 1;
        KnownBranch branch = branches[at];
        bool isAtEnd = branch.Tip == tip.Id;
        if (isAtEnd && (at + 1 == branches.Count || branches[at + 1].ForkPoint != tip.Id))
        {
            branches[at] = branch with { Tip = entry.Id, At = place, Depth = branch.Depth + 1, Entries = branch.Entries + 1 };
            return;
        }

        if (!isAtEnd)
        {
            branches[at] = new KnownBranch(tip.Id, LinePlace.Of(tip), depth, depth - branch.FirstDepth + 1, branch.ForkPoint);
            branches.Insert(at + 1, branch with { Entries = branch.Depth - depth, ForkPoint = tip.Id });
        }

        // Of the stretches that fork there it has the highest number, so it stands behind all that the others lead to.
        int end = at + 1;
        while (end < branches.Count && branches[end].FirstDepth > depth)
        {
            end++;
        }

        branches.Insert(end, new KnownBranch(entry.Id, place, depth + 1, 1, tip.Id));
        ActiveBranch = end;
        Branches = branches.Count > MostBranches ? null : branches;
    }

    /// <summary>Notes what is active. False where that is not in the order of the file.</summary>
    private bool ReadEntries(List<IndexedEntry> entries, SessionTree tree, out int content)
    {
        IReadOnlyList<IndexedEntry> branch = tree.ActiveBranch;
        int next = 0;
        content = 0;
        foreach (IndexedEntry entry in entries)
        {
            Turns += entry.Role == EntryRole.User ? 1 : 0;
            HasBranchSummary |= entry.Type == EntryType.BranchSummary;
            HasClearing |= entry.Type == EntryType.ToolResultsCleared;
            if (!entry.IsContent)
            {
                continue;
            }

            content++;
            if (next < branch.Count && branch[next] == entry)
            {
                next++;
                Extend(entry, continues: _inForce.Count > 0 && _inForce[^1].To == _lastContent);
            }

            _lastContent = entry.Offset;
        }

        // Entries that lead in a circle to none without a parent would make one tree with the next entry.
        return next == branch.Count && (!IsInFileOrder || content == 0 || tree.Roots > 1);
    }

    private SessionFacts WithBranches(SessionTree tree, int content, bool withBranches)
    {
        if (content == CountInForce)
        {
            Branches = Tip is { } tip ? [new KnownBranch(tip.Id, LinePlace.Of(tip), content - 1, content, null)] : [];
        }
        else if (!withBranches || tree.Branches.Count > MostBranches || tree.Branches.Sum(branch => branch.EntryCount) != content)
        {
            Branches = null;
        }
        else
        {
            TreeBranch? active = tree.FindActiveBranch();
            Branches = [.. tree.Branches.Select(branch =>
                new KnownBranch(branch.Tip.Id, LinePlace.Of(branch.Tip), branch.Depth, branch.EntryCount, branch.ForkPoint?.Id))];
            ActiveBranch = tree.Branches.TakeWhile(branch => branch != active).Count();
        }

        return this;
    }
}
