namespace Opi;

internal sealed partial class SessionFacts
{
    private const int MostMarks = 512;
    private const int MostHanging = 512;
    private const long FirstMarkStep = 1 << 16;

    private List<ChainMark> _marks = [];
    private long _markStep = FirstMarkStep;   // how many bytes are between marks at least
    private List<HangingEntry>? _hanging = []; // null for too many
    private bool _hangsPlainly = true;        // all that is not the conversation is among these, or a leaf
    private ulong _nextNumber;                // the least that the next id may have
    private bool _isAscending = true;         // the numbers of the ids are in the order of the file, and so are parents and children

    /// <summary>The branches of the tree, with the text of each tip; null where they are not known.</summary>
    /// <exception cref="InvalidSessionFileException">The file has changed since this was learned.</exception>
    public IEnumerable<OpiBranch>? ReadBranches(string sessionId, SessionLines lines) => Branches?.Select((branch, i) =>
    {
        IndexedEntry tip = lines.ReadAt(branch.At);
        return new OpiBranch(
            sessionId,
            branch.Tip,
            branch.Depth,
            branch.Entries,
            branch.ForkPoint,
            WireTime.Parse(tip.Timestamp),
            OpiEntry.Create(sessionId, lines.Read(tip), onActiveBranch: true).Text,
            i == ActiveBranch ? Tip!.Id : null);
    });

    /// <summary>Notes the position of an entry among the ids.</summary>
    private void NotePlace(IndexedEntry entry)
    {
        UInt128 number = EntrySequence.NumberOf(entry.Id);
        _isAscending &= number >= _nextNumber && number < ulong.MaxValue;
        _nextNumber = _isAscending ? (ulong)number + 1 : 0;
    }

    private void Hang(IndexedEntry entry, long parent)
    {
        _hanging?.Add(new HangingEntry(LinePlace.Of(entry), parent));
        _hanging = _hanging?.Count > MostHanging ? null : _hanging;
    }

    /// <summary>Makes a mark of an entry that is far enough from the last one. Of many marks every second one goes.</summary>
    private void AddMark(IndexedEntry entry, ChainState state)
    {
        if (!_isAscending || (_marks.Count > 0 && entry.Offset - _marks[^1].At.Offset < _markStep))
        {
            return;
        }

        _marks.Add(new ChainMark((ulong)EntrySequence.NumberOf(entry.Id), LinePlace.Of(entry), state));
        if (_marks.Count > MostMarks)
        {
            _marks = [.. _marks.Where((_, place) => place % 2 == 0)];
            _markStep *= 2;
        }
    }

    /// <summary>Puts an entry behind the tip: at the end of its stretch, or into a new one that forks from the tip.</summary>
    private void AddToBranches(IndexedEntry entry, ChainState before)
    {
        if (Branches is not { } branches)
        {
            return;
        }

        var place = LinePlace.Of(entry);
        ChainState end = before.With(entry);
        List<ContentRun> own = [new ContentRun(entry.Offset, entry.Line, entry.Offset)];
        if (Tip is not { } tip)
        {
            branches.Add(new KnownBranch(entry.Id, place, 0, 1, null, own, end));
            return;
        }

        int at = ActiveBranch, depth = before.Count - 1;
        KnownBranch branch = branches[at];
        bool isAtEnd = branch.Tip == tip.Id;
        if (isAtEnd && (at + 1 == branches.Count || branches[at + 1].ForkPoint != tip.Id))
        {
            ContentRun.Extend(branch.Runs, entry, continues: branch.Runs[^1].To == _lastContent);
            branches[at] = branch with { Tip = entry.Id, At = place, Depth = branch.Depth + 1, Entries = branch.Entries + 1, End = end };
            return;
        }

        if (!isAtEnd)
        {
            (List<ContentRun> head, List<ContentRun> tail) = ContentRun.Split(branch.Runs, tip);
            branches[at] = new KnownBranch(
                tip.Id, LinePlace.Of(tip), depth, depth - branch.FirstDepth + 1, branch.ForkPoint, head, before);
            branches.Insert(at + 1, branch with { Entries = branch.Depth - depth, ForkPoint = tip.Id, Runs = tail });
        }

        // Of the stretches that fork there it has the highest number, so it is after all entries of the others.
        int next = at + 1;
        while (next < branches.Count && branches[next].FirstDepth > depth)
        {
            next++;
        }

        branches.Insert(next, new KnownBranch(entry.Id, place, depth + 1, 1, tip.Id, own, end));
        ActiveBranch = next;
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
            NotePlace(entry);
            if (!entry.IsContent)
            {
                HangIn(tree, entry, content);
                continue;
            }

            content++;
            if (next < branch.Count && branch[next] == entry)
            {
                next++;
                ContentRun.Extend(_inForce, entry, continues: _inForce.Count > 0 && _inForce[^1].To == _lastContent);
                _chain = _chain.With(entry);
                AddMark(entry, _chain); // those of a session without forks
            }

            _lastContent = entry.Offset;
        }

        // Entries that lead in a circle to none without a parent would make one tree with the next entry.
        return next == branch.Count && (!IsInFileOrder || content == 0 || tree.Roots > 1);
    }

    /// <summary>Notes the parent of an entry outside the conversation; an entry without one never counts.</summary>
    private void HangIn(SessionTree tree, IndexedEntry entry, int content)
    {
        bool counts = entry.IsMetadata || entry.Type is EntryType.CompactionFailure or EntryType.BranchSummary;
        long? parent = entry.ParentId is { } id ? tree.FindContent(id)?.Offset : content == 0 ? -1 : null;
        _hangsPlainly &= entry.Type == EntryType.Leaf || (counts && parent is not null);
        if (counts && parent is { } at)
        {
            Hang(entry, at);
        }
    }

    private SessionFacts WithBranches(List<IndexedEntry> entries, SessionTree tree, int content, bool withBranches)
    {
        if (content == CountInForce)
        {
            Branches = Tip is { } tip ? [new KnownBranch(tip.Id, LinePlace.Of(tip), content - 1, content, null, [.. _inForce], _chain)] : [];
        }
        else if (!withBranches || tree.Branches.Count > MostBranches || tree.Branches.Sum(branch => branch.EntryCount) != content)
        {
            Branches = null;
        }
        else
        {
            TreeBranch? active = tree.FindActiveBranch();
            _marks.Clear();
            _markStep = FirstMarkStep;
            Branches = ReadBranches(entries, tree);
            ActiveBranch = tree.Branches.TakeWhile(branch => branch != active).Count();
        }

        return this;
    }

    private List<KnownBranch> ReadBranches(List<IndexedEntry> entries, SessionTree tree)
    {
        int[] places = tree.PlaceInBranches();
        var tips = new Dictionary<IndexedEntry, int>();
        List<KnownBranch> branches = [.. tree.Branches.Select((branch, i) =>
        {
            tips[branch.Tip] = i;
            return new KnownBranch(
                branch.Tip.Id, LinePlace.Of(branch.Tip), branch.Depth, branch.EntryCount, branch.ForkPoint?.Id, [], ChainState.Start);
        })];
        int last = -1;
        for (int i = 0; i < entries.Count; i++)
        {
            if (!entries[i].IsContent)
            {
                continue;
            }

            int place = places[i];
            KnownBranch branch = branches[place];
            _isAscending &= tree.ContentParentOf(i) is >= 0 and int parent
                ? parent < i && entries[parent].Id == entries[i].ParentId
                : entries[i].ParentId is null; // one that is missing is a finding once its line of the conversation is active
            if (branch.Runs.Count == 0 && tree.Branches[place].ForkPoint is { } fork)
            {
                branch = branch with { End = branches[tips[fork]].End };
            }

            ContentRun.Extend(branch.Runs, entries[i], continues: place == last);
            branches[place] = branch = branch with { End = branch.End.With(entries[i]) };
            AddMark(entries[i], branch.End);
            last = place;
        }

        return branches;
    }
}
