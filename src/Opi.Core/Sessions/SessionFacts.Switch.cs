namespace Opi;

internal sealed partial class SessionFacts
{
    private const int MostLookups = 4;

    /// <summary>
    /// Finds an entry by its id: from the mark before it on, so that the rest of the file is not read. Null when there is none, or the ids are
    /// not in the order of the file: then the whole file has to be read.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="WireException">A line on the way is no entry.</exception>
    public IndexedEntry? Find(string id, SessionLines lines)
    {
        UInt128 number = EntrySequence.NumberOf(id);
        if (!_isAscending || number == 0)
        {
            return null;
        }

        int next = _marks.FindIndex(mark => mark.Number > number);
        ChainMark? before = (next < 0 ? _marks.Count : next) is > 0 and int count ? _marks[count - 1] : null;
        foreach (IndexedEntry entry in lines.From(before?.At.Offset ?? 0, before?.At.Line ?? 1))
        {
            if (entry.Offset >= Length || EntrySequence.NumberOf(entry.Id) > number)
            {
                break;
            }

            if (entry.Id == id)
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>What is active once an entry is made the tip; null when the whole file has to be read.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="WireException">A line on the way is no entry.</exception>
    /// <exception cref="InvalidSessionFileException">A line on the way has changed.</exception>
    public BranchSwitch? FindSwitch(string id, SessionLines lines)
    {
        if (!IsWhole || IsInFileOrder || Branches is null || _hanging is null || Find(id, lines) is not { IsContent: true } tip
            || BranchOf(tip) is not (>= 0 and int place) || StateAt(tip, lines) is not { } chain)
        {
            return null;
        }

        List<ContentRun> runs = RunsTo(tip, place);
        IndexedEntry[] hanging =
            [.. _hanging.Where(entry => entry.Parent < 0 || ContentRun.Have(runs, entry.Parent)).Select(entry => lines.At(entry.At))];
        CumulativeUsage tokens = chain.Tokens;
        foreach (IndexedEntry entry in hanging)
        {
            tokens = entry is { IsMetadata: false, ParentId: not null, Usage: { } usage } ? tokens.Add(usage) : tokens;
        }

        int summaries = hanging.Count(entry => entry.Type == EntryType.BranchSummary && entry.ParentId is not null);
        IndexedEntry? change = hanging.LastOrDefault(entry => entry is { Type: EntryType.ModelChange, Model: not null });
        return (summaries == 0 || chain.Summaries == 0) && CountContext(chain, runs, lines, MostLookups) is { } count
            ? new BranchSwitch(
                tip,
                place,
                runs,
                chain,
                tokens,
                count + summaries,
                change?.Offset > chain.ModelAt ? change.Model : chain.Model,
                SessionMetadata.None.With(hanging.Where(entry => entry.IsMetadata).Select(lines.Read)))
            : null;
    }

    /// <summary>
    /// The entries of the active conversation, or of that up to an entry, and all that hangs on them, in the order of the file; null where only the
    /// whole file tells.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="WireException">A line on the way is no entry.</exception>
    public IReadOnlyList<IndexedEntry>? Conversation(string? id, SessionLines lines)
    {
        if (!_hangsPlainly || _hanging is null || IsInFileOrder || Branches is null)
        {
            return null;
        }

        List<ContentRun> runs = _inForce;
        if (id is not null)
        {
            if (Find(id, lines) is not { IsContent: true } tip || BranchOf(tip) is not (>= 0 and int place))
            {
                return null;
            }

            runs = RunsTo(tip, place);
        }

        var entries = new List<IndexedEntry>();
        var hanging = new Queue<HangingEntry>(_hanging.Where(entry => entry.Parent < 0 || ContentRun.Have(runs, entry.Parent)));
        foreach (ContentRun run in runs)
        {
            foreach (IndexedEntry entry in lines.From(run.From, run.Line).TakeWhile(entry => entry.Offset <= run.To).Where(entry => entry.IsContent))
            {
                TakeHanging(entry.Offset);
                entries.Add(entry);
            }
        }

        TakeHanging(long.MaxValue);
        return entries;

        void TakeHanging(long before)
        {
            while (hanging.TryPeek(out HangingEntry next) && next.At.Offset < before)
            {
                entries.Add(lines.At(hanging.Dequeue().At));
            }
        }
    }

    /// <summary>Follows a switch that was written.</summary>
    /// <param name="to">What it makes active.</param>
    /// <param name="written">The leaf, and before it the summary of the branch that was left, where there is one.</param>
    public void Switch(BranchSwitch to, IReadOnlyList<IndexedEntry> written)
    {
        foreach (IndexedEntry entry in written)
        {
            Pass(entry);
        }

        HasLeaf = true;
        (Tip, ActiveBranch, _inForce, _chain) = (to.Tip, to.Branch, to.Runs, to.Chain);
        (Tokens, ContextCount, Model, Metadata) = (to.Tokens, to.ContextCount, to.Model, to.Metadata);
        if (written.FirstOrDefault(entry => entry.Type == EntryType.BranchSummary) is { } summary)
        {
            HasBranchSummary = true;
            ContextCount++;
            Hang(summary, to.Tip.Offset);
        }
    }

    private int BranchOf(IndexedEntry entry) => Branches!.FindIndex(branch => ContentRun.Have(branch.Runs, entry.Offset));

    private int ParentOf(KnownBranch branch) =>
        branch.ForkPoint is { } fork ? Branches!.FindIndex(parent => parent.Tip == fork) : -1;

    /// <summary>The conversation from its start to an entry.</summary>
    private List<ContentRun> RunsTo(IndexedEntry tip, int place)
    {
        var tips = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < Branches!.Count; i++)
        {
            tips[Branches[i].Tip] = i;
        }

        var stretches = new List<List<ContentRun>> { ContentRun.Split(Branches[place].Runs, tip).Head };
        for (string? fork = Branches[place].ForkPoint; fork is not null; fork = Branches[tips[fork]].ForkPoint)
        {
            stretches.Add(Branches[tips[fork]].Runs);
        }

        stretches.Reverse();
        return [.. stretches.SelectMany(runs => runs)];
    }

    /// <summary>
    /// What there is from the start of the conversation to an entry: the content at the mark before it, and what is added from there.
    /// </summary>
    private ChainState? StateAt(IndexedEntry entry, SessionLines lines)
    {
        if (BranchOf(entry) is not (>= 0 and int place))
        {
            return null;
        }

        KnownBranch branch = Branches![place];
        if (branch.Tip == entry.Id)
        {
            return branch.End;
        }

        int mark = _marks.FindLastIndex(mark => mark.At.Offset <= entry.Offset && ContentRun.Have(branch.Runs, mark.At.Offset));
        ChainState state = mark >= 0 ? _marks[mark].State
            : ParentOf(branch) is >= 0 and int parent ? Branches[parent].End
            : ChainState.Start;
        long done = mark >= 0 ? _marks[mark].At.Offset : -1;
        foreach (ContentRun run in branch.Runs.Where(run => run.To > done && run.From <= entry.Offset))
        {
            (long from, long line) = run.From <= done ? (_marks[mark].Next, _marks[mark].At.Line + 1) : (run.From, run.Line);
            foreach (IndexedEntry next in lines.From(from, line).TakeWhile(next => next.Offset <= Math.Min(run.To, entry.Offset)))
            {
                state = next.IsContent ? state.With(next) : state;
            }
        }

        return state;
    }

    /// <summary>
    /// How many messages the context has, its summary too: what the last compaction kept is looked up as <see cref="ContextEntries"/> does it.
    /// Null where that would take too long.
    /// </summary>
    private int? CountContext(ChainState chain, List<ContentRun> runs, SessionLines lines, int lookups)
    {
        if (chain.Compaction is not { } at)
        {
            return chain.Messages;
        }

        IndexedEntry compaction = lines.At(at);
        if (lookups == 0 || compaction is not { Type: EntryType.Compaction, TargetId: { } target }
            || Find(target, lines) is not { Type: EntryType.Message } kept || StateAt(compaction, lines) is not { } then)
        {
            return null;
        }

        int after = chain.Messages - then.Messages;
        if (kept.Offset > at.Offset || !ContentRun.Have(runs, kept.Offset))
        {
            return 1 + after; // nothing is kept
        }

        // Before the compaction the context had so many messages; was the first one kept among them?
        if (BeforeLast(compaction, lines) is not { } before || CountContext(before, runs, lines, lookups - 1) is not { } count
            || StateAt(kept, lines) is not { } first)
        {
            return null;
        }

        int keeps = before.Messages - first.Messages + 1;
        int messages = before.Compaction is null ? count : count - 1;
        return 1 + after + (keeps <= messages ? keeps : 0);
    }

    /// <summary>What there was before a compaction.</summary>
    private ChainState? BeforeLast(IndexedEntry compaction, SessionLines lines) =>
        compaction.ParentId is { } parent && Find(parent, lines) is { IsContent: true } entry && entry.Offset < compaction.Offset
            ? StateAt(entry, lines)
            : null;
}
