namespace Opi;

/// <summary>
/// What is known of a session as a whole, without its entries: enough to add to it, to show its ends and its branches, and to say what is
/// active. It follows what is added as long as that is regular: new ids, each entry of the conversation on the one active. For all else,
/// and for files with faults, pins, ids that are used twice or anything that was worked around, there are no facts, and the whole file is read.
/// </summary>
internal sealed partial class SessionFacts
{
    /// <summary>Of more stretches nothing is kept; then the whole file is read.</summary>
    private const int MostBranches = 4_096;

    private readonly List<IndexedEntry> _pending = []; // of the conversation, until a leaf says that they are active
    private List<ContentRun> _inForce = [];            // the active conversation
    private long _lastContent = -1;                    // where the last entry of the conversation begins, on any branch
    private ChainState _chain = ChainState.Start;      // at the tip

    /// <summary>How many bytes of the file this is about: whole lines.</summary>
    public long Length { get; set; }

    /// <summary>How many lines they are.</summary>
    public long Lines { get; set; }

    /// <summary>How many entries.</summary>
    public int Entries { get; private set; }

    /// <summary>How many turns, over all branches.</summary>
    public int Turns { get; private set; }

    /// <summary>The numbers of ids, without those that the summaries active get in memory.</summary>
    public EntrySequence Sequence { get; private set; } = new();

    /// <summary>How many compactions are active: each gets a number of the sequence in memory.</summary>
    public int Summaries => _chain.Summaries;

    /// <summary>Whether a leaf decides what is active.</summary>
    public bool HasLeaf { get; private set; }

    /// <summary>Whether only the order of the file is active.</summary>
    public bool IsInFileOrder { get; private set; } = true;

    /// <summary>Whether a branch that was left has a summary: then the context is not the conversation alone.</summary>
    public bool HasBranchSummary { get; private set; }

    /// <summary>Whether tools' results were cleared: then messages of the context are shorter than in the conversation.</summary>
    public bool HasClearing { get; private set; }

    /// <summary>How many entries of the conversation are active.</summary>
    public int CountInForce => _chain.Count;

    /// <summary>The last of them; null in an empty session.</summary>
    public IndexedEntry? Tip { get; private set; }

    /// <summary>The tokens of all that is active, without the turns.</summary>
    public CumulativeUsage Tokens { get; private set; } = CumulativeUsage.Zero;

    /// <summary>The turns active.</summary>
    public TurnCount TurnsInForce => _chain.Turns;

    /// <summary>How many messages the context has; null where a compaction makes that unknown.</summary>
    public int? ContextCount { get; set; } = 0;

    /// <summary>The model active; null for none.</summary>
    public string? Model { get; private set; }

    /// <summary>The active metadata. Code that adds metadata must update it.</summary>
    public SessionMetadata Metadata { get; set; } = SessionMetadata.None;

    /// <summary>The stretches of the tree, in their order; null where they are not known.</summary>
    public List<KnownBranch>? Branches { get; private set; } = [];

    /// <summary>Which of them the active conversation ends in.</summary>
    public int ActiveBranch { get; private set; }

    /// <summary>Whether everything that was added has been placed, so that this can be kept.</summary>
    public bool IsWhole => _pending.Count == 0 && ContextCount is not null;

    /// <summary>The facts of a session that was read whole; null when the file is not regular.</summary>
    /// <param name="index">The file. Its length and lines are those of a mended file.</param>
    /// <param name="tree">Its tree.</param>
    /// <param name="context">Its context.</param>
    /// <param name="metadata">What its metadata says.</param>
    /// <param name="sequence">The numbers of its ids, to be counted on here.</param>
    /// <param name="withBranches">Whether the stretches of a tree with forks are wanted, which takes as long as the tree.</param>
    public static SessionFacts? Of(
        SessionIndex index, SessionTree tree, SessionContext context, SessionMetadata metadata, EntrySequence sequence, bool withBranches)
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
            Sequence = sequence,
            HasLeaf = tree.HasLeaf,
            IsInFileOrder = tree.IsInFileOrder,
            Tip = tree.ActiveTip,
            Tokens = context.Usage with { Turns = 0, UnknownUsageTurns = 0 },
            ContextCount = context.Entries.Count,
            Model = SessionMetadata.ActiveModel(index.Entries, tree),
            Metadata = metadata,
        };
        return facts.ReadEntries(index.Entries, tree, out int content) ? facts.WithBranches(index.Entries, tree, content, withBranches) : null;
    }

    /// <summary>The same of all that a reader has.</summary>
    public static SessionFacts? Of(SessionIndex index, Func<IndexedEntry, SessionEntry> load)
    {
        var tree = new SessionTree(index.Entries);
        var context = SessionContext.Reconstruct(tree, entry => SessionReader.MessageOf(load(entry)), new EntrySequence());
        return Of(index, tree, context, SessionMetadata.Read(index.Entries, tree, load), new EntrySequence(index.Entries), withBranches: true);
    }

    /// <summary>Whether an entry is part of the active conversation.</summary>
    public bool IsInForce(IndexedEntry entry) => entry.IsContent && ContentRun.Have(_inForce, entry.Offset);

    /// <summary>Follows an entry that was added behind all others.</summary>
    /// <returns>False where it is not regular: then these facts are wrong from there on.</returns>
    public bool TryAdd(IndexedEntry entry)
    {
        bool isNew = entry.Type == EntryType.Leaf || Sequence.IsNew(entry.Id);
        IndexedEntry? last = _pending.Count > 0 ? _pending[^1] : Tip;
        Pass(entry);
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
                Hang(entry, Tip?.Offset ?? -1);
                return _pending.Count == 0 && entry.ParentId == Tip?.Id;
            case EntryType.SessionInfo or EntryType.ModelChange or EntryType.ThinkingLevelChange or EntryType.Label:
                Model = entry.Type == EntryType.ModelChange ? entry.Model : Model;
                Hang(entry, Tip?.Offset ?? -1);
                return _pending.Count == 0 && entry.ParentId == Tip?.Id && (Tip is not null || _lastContent < 0);
            case EntryType.ToolResultsCleared:
                HasClearing = true;
                _hangsPlainly = false;
                return _pending.Count == 0 && entry.ParentId == Tip?.Id;
            case EntryType.ExtensionState:
                _hangsPlainly = false;
                return true; // it has no place in the tree that regular entries could hang on
            default:
                return false;
        }
    }

    /// <summary>Counts an entry, whether or not it is used.</summary>
    private void Pass(IndexedEntry entry)
    {
        Sequence.Pass(entry);
        NotePlace(entry);
        Entries++;
        Turns += entry.Role == EntryRole.User ? 1 : 0;
        Length = entry.Offset + entry.Length + 1;
        Lines = entry.Line;
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
        bool continues = _inForce.Count > 0 && _inForce[^1].To == _lastContent;
        ContentRun.Extend(_inForce, entry, continues);
        ChainState before = _chain;
        _chain = before.With(entry);
        AddToBranches(entry, before);
        AddMark(entry, _chain);
        _lastContent = entry.Offset;
        if (entry.Usage is { } usage)
        {
            Tokens = Tokens.Add(usage);
        }

        if (entry.Type == EntryType.Compaction)
        {
            ContextCount = null;
        }
        else
        {
            ContextCount++;
            Model = entry.Model ?? Model;
        }

        Tip = entry;
    }
}
