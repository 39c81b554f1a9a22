namespace Opi;

public sealed partial class SessionCoordinator
{
    private OpenedState _opened;
    private readonly List<IndexedEntry> _added = [];    // since it was opened by its index, until the content is read
    private readonly List<int> _addedIndices = [];
    private SessionContent? _content;                   // null until something asks for more than the index has
    private SessionFacts? _facts;                       // null where they are not known

    /// <summary>Whether all entries were read. Of a large session with an index that fits they are read when something asks for them.</summary>
    internal bool IsRead => _content is not null;

    /// <summary>How often it has written since it was opened.</summary>
    internal int Batches => _writer.Batches;

    private SessionContent Content => _content ??= ReadContent();

    /// <summary>Whether an id is used twice. Such a file has no index.</summary>
    private bool HasRepeatedIds => _content?.Tree.HasRepeatedIds ?? false;

    /// <summary>
    /// The messages of the context from its end; of a session that was opened by its index only as many are read as are taken, and a result that
    /// was cleared is given as it is in the file.
    /// </summary>
    internal IEnumerable<AgentMessage> MessagesFromEnd()
    {
        int taken = 0;
        if (_content is null && _facts is { HasBranchSummary: false } facts)
        {
            foreach (IndexedEntry entry in _writer.ReadFromEnd(facts).TakeWhile(entry => entry.Type != EntryType.Compaction))
            {
                taken++;
                yield return ReadMessage(entry);
            }
        }

        for (int i = Content.Context.Entries.Count - 1 - taken; i >= 0; i--)
        {
            yield return Content.Context.Entries[i].Message;
        }
    }

    /// <summary>The context, or only its end from the last message that is wanted.</summary>
    private IReadOnlyList<ContextEntry> EndOfContext(Func<AgentMessage, bool> wanted)
    {
        if (_content is null && _facts is { HasBranchSummary: false, HasClearing: false } facts)
        {
            var end = new List<ContextEntry>();
            foreach (IndexedEntry entry in _writer.ReadFromEnd(facts).TakeWhile(entry => entry.Type != EntryType.Compaction))
            {
                AgentMessage message = ReadMessage(entry);
                end.Add(new IndexedContextEntry(entry.Id, entry, _ => message));
                if (wanted(message))
                {
                    end.Reverse();
                    return end;
                }
            }
        }

        return Content.Context.Entries;
    }

    /// <summary>Persists turns, each whole or not at all, with one write and one flush. Each turn then has its result.</summary>
    internal void WriteTurns(IReadOnlyList<TurnToWrite> turns)
    {
        if (HasRepeatedIds)
        {
            foreach (TurnToWrite turn in turns)
            {
                WriteTogether([turn]); // what a turn hangs on is known only after the one before
            }
        }
        else
        {
            WriteTogether(turns);
        }
    }

    private void WriteTogether(IReadOnlyList<TurnToWrite> turns)
    {
        string timestamp = WireTime.Format(_time.GetUtcNow());
        UInt128 mark = _sequence.Mark();
        var batches = new List<(TurnToWrite Turn, List<SessionEntry> Batch)>(turns.Count);
        string? parent = _tip?.Id;
        foreach (TurnToWrite turn in turns)
        {
            UInt128 before = _sequence.Mark();
            try
            {
                List<SessionEntry> batch = Compose(turn, timestamp, parent);
                _writer.Stage(batch);
                batches.Add((turn, batch));
                parent = batch.FindLast(entry => entry is MessageEntry)?.Id ?? parent;
            }
            catch (Exception error) // the caller of this turn gets it, and the others are written
            {
                turn.Error = error;
                _sequence.Reset(before);
            }
        }

        IReadOnlyList<IndexedEntry> written;
        try
        {
            written = _writer.WriteStaged(() => batches.ForEach(batch => batch.Turn.WhileWriting?.Invoke()));
        }
        catch (InvalidEntryException error) when (error.Entry is { } entry && batches.Count > 1)
        {
            _sequence.Reset(mark);
            TurnOf(batches, entry).Error = error;
            WriteTogether([.. turns.Where(turn => turn.Error is null)]); // nothing was written, so the others go without it
            return;
        }
        catch (Exception error)
        {
            _sequence.Reset(mark);
            batches.ForEach(batch => batch.Turn.Error = error);
            return;
        }

        int next = 0;
        foreach ((TurnToWrite turn, List<SessionEntry> batch) in batches)
        {
            Complete(turn, batch, [.. written.Skip(next).Take(batch.Count)]);
            next += batch.Count;
            try
            {
                turn.DueReason = DueReason;
            }
            catch (Exception error) // from reading the end of the context
            {
                turn.Error = error;
            }
        }

        KeepOpenIndex();
    }

    private static TurnToWrite TurnOf(List<(TurnToWrite Turn, List<SessionEntry> Batch)> batches, int entry)
    {
        int end = 0;
        return batches.Find(batch => (end += batch.Batch.Count) > entry).Turn;
    }

    /// <summary>Writes the index for readers of other processes, now and then.</summary>
    private void KeepOpenIndex()
    {
        if (_writer.WantsOpenIndex && _facts is { } facts)
        {
            facts.ContextCount ??= _content?.Context.Entries.Count;
            facts.Metadata = Metadata;
            if (facts.IsWhole)
            {
                _writer.KeepOpenIndex(facts);
            }
        }
    }

    /// <summary>The entries of a turn behind the entry before it, with a leaf where the session has branches.</summary>
    private List<SessionEntry> Compose(TurnToWrite turn, string timestamp, string? parent)
    {
        var batch = new List<SessionEntry>(turn.Messages.Count + 1);
        foreach (Message message in turn.Messages.OfType<Message>())
        {
            batch.Add(new MessageEntry(_sequence.Next("msg"), parent, timestamp, message));
            parent = batch[^1].Id;
        }

        if (_writesLeaves && batch.Count > 0)
        {
            batch.Add(new LeafEntry(_sequence.Next("leaf"), parent, timestamp, parent!));
        }

        return batch;
    }

    /// <summary>Brings memory in step with a turn that is in the file.</summary>
    private void Complete(TurnToWrite turn, List<SessionEntry> batch, IReadOnlyList<IndexedEntry> written)
    {
        int start = turn.Start ?? AgentMessageCount;
        Note(written);
        int next = 0;
        for (int i = 0; i < turn.Messages.Count; i++)
        {
            if (turn.Messages[i] is not Message)
            {
                continue;
            }

            IndexedEntry entry = written[next];
            _content?.Context.Take(entry);
            (_content?.AgentMessageIndices ?? _addedIndices).Add(start + i);
            AgentMessage added = ((MessageEntry)batch[next++]).Message;
            _contextTokens += CompactionEngine.EstimateTokens(added);
            _meter?.Add(added);
            _turns.Add(entry.Role, entry.Usage);
            _tip = entry;
        }

        FollowRepeatedIds();
        Usage = Usage.Accumulate(turn.Usage, turn.Messages.OfType<AssistantMessage>().Any(answer => !answer.Usage.IsKnown));
        AgentMessageCount = start + turn.Messages.Count;
        (turn.Written, turn.Turns) = ([.. written.Take(next)], Turns);
    }

    private void Note(IReadOnlyList<IndexedEntry> written)
    {
        (_content?.Index ?? _added).AddRange(written);
        EntryCount += written.Count;
        Turns += written.Count(entry => entry.Role == EntryRole.User);
        _facts = _facts is { } facts && written.All(facts.TryAdd) ? facts : null;
    }

    /// <summary>
    /// As <see cref="AppendLeaf"/>, by what is known of the session without reading all of it. From then on it is like a session that was just
    /// opened.
    /// </summary>
    /// <returns>False when that does not show what the entry is or what is active then; nothing was done.</returns>
    /// <exception cref="SessionWriteException">Nothing was persisted and nothing has changed.</exception>
    internal bool TrySwitch(string entryId, string? summary)
    {
        if (_content is not null || _facts is not { } facts || FindSwitch(facts, entryId) is not { } target)
        {
            return false;
        }

        UInt128 mark = _sequence.Mark();
        IReadOnlyList<IndexedEntry> written = WriteOnly(ComposeSwitch(entryId, summary), mark);
        facts.Switch(target, written);
        EntryCount += written.Count;
        (_tip, _writesLeaves, Metadata) = (target.Tip, true, target.Metadata);
        _opened = new OpenedState(facts.Entries, target.Tip.Offset, facts.Sequence.Mark());
        _sequence.Reset(facts.Sequence.Mark() + (uint)facts.Summaries); // each summary of the context has a number
        _added.Clear();
        _addedIndices.Clear();
        AgentMessageCount = facts.ContextCount!.Value;
        (_contextTokens, _meter) = (null, null);
        _writer.KeepOpenIndex(facts, isDue: true);
        return true;
    }

    private BranchSwitch? FindSwitch(SessionFacts facts, string entryId)
    {
        try
        {
            return facts.FindSwitch(entryId, _writer.OpenLines());
        }
        catch (Exception error) when (error is IOException or WireException or InvalidSessionFileException)
        {
            return null; // the file is not what its index says: all of it is read instead, which says what is wrong
        }
    }

    /// <summary>The branches, by what is known of them; null when all entries have to be read.</summary>
    internal IEnumerable<OpiBranch>? KnownBranches() =>
        _content is null && _facts is { IsWhole: true } facts ? facts.ReadBranches(SessionId, _writer.OpenLines()) : null;

    /// <summary>Reads all entries, and holds what the index said against them.</summary>
    private SessionContent ReadContent()
    {
        SessionIndex index = _writer.ReadIndex();
        List<IndexedEntry> entries = index.Entries;
        if (entries.Count != _opened.Entries + _added.Count)
        {
            throw RefuseIndex();
        }

        entries.RemoveRange(_opened.Entries, _added.Count); // they are noted already
        var tree = new SessionTree(entries);
        if (new EntrySequence(entries).Mark() != _opened.Next || tree.ActiveTip?.Offset != _opened.Tip
            || tree.HasRepeatedIds || tree.Warnings.Count > 0)
        {
            throw RefuseIndex();
        }

        var content = new SessionContent(entries, tree, ReconstructAsOpened(tree));
        _tip = _tip?.Offset == _opened.Tip ? tree.ActiveTip : _tip;
        entries.AddRange(_added);
        _added.FindAll(entry => entry.Type == EntryType.Message).ForEach(content.Context.Take);
        content.AgentMessageIndices.AddRange(_addedIndices);
        _added.Clear();
        _addedIndices.Clear();
        return content;
    }

    /// <summary>The context with the numbers for its summaries that it has since the session was opened.</summary>
    private SessionContext ReconstructAsOpened(SessionTree tree)
    {
        UInt128 now = _sequence.Mark();
        try
        {
            _sequence.Reset(_opened.Next);
            return SessionContext.Reconstruct(tree, ReadMessage, _sequence);
        }
        finally
        {
            _sequence.Reset(now);
        }
    }

    /// <summary>The index file is no longer trusted: nothing that depends on it is added.</summary>
    private SessionWriteException RefuseIndex()
    {
        _facts = null;
        return _writer.RefuseIndex();
    }

    /// <summary>The content for the index file.</summary>
    private SessionFacts? FactsToKeep()
    {
        if (_content is { } content)
        {
            if (_facts is not { Branches: not null })
            {
                if (!Recovery.IsClean && Recovery.TornTailBytes == 0)
                {
                    return null; // it is not regular, and the tree need not be made to see that
                }

                SessionTree tree = content.CurrentTree;
                var index = new SessionIndex(Header, content.Index, Recovery, 0, 0);
                var context = SessionContext.Reconstruct(tree, ReadMessage, new EntrySequence());
                _facts = SessionFacts.Of(index, tree, context, Metadata, new EntrySequence(content.Index), withBranches: true);
            }
            else
            {
                _facts.ContextCount ??= content.Context.Entries.Count;
            }
        }

        if (_facts is { } facts)
        {
            facts.Metadata = Metadata;
        }

        return _facts;
    }
}
