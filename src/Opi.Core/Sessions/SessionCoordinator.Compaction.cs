using System.Globalization;

namespace Opi;

public sealed partial class SessionCoordinator
{
    /// <summary>The messages of a context whose lines have more bytes are read when they are needed, and not held.</summary>
    private const long LargeContext = 8 << 20;

    /// <summary>Compacts the context now, whether it is due or not.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="policy">How; null for opi's way.</param>
    /// <returns>What was done; null when there was nothing to compact.</returns>
    /// <exception cref="CompactionFailedException">There is no summary; nothing has changed except the cost of the summariser's calls.</exception>
    /// <exception cref="SessionWriteException">Nothing was persisted and nothing has changed.</exception>
    /// <exception cref="ArgumentException">The policy asks for tools' results to be cleared, which has no summary.</exception>
    public OpiCompactionResult? ExecuteCompaction(CompactionReason reason, OpiCompactionPolicy? policy = null)
    {
        policy ??= OpiCompactionPolicy.OfOpi;
        if (policy is { Strategy: CompactionStrategy.ClearToolResults, Summarizer: null })
        {
            throw new ArgumentException("Clearing tools' results makes no summary, so that there is no output of one.", nameof(policy));
        }

        if (PrepareCompaction(reason, policy) is not { } prepared)
        {
            return null;
        }

        var run = new SummaryRun(prepared.Request);
        (string Text, SummarySource Source) summary;
        try
        {
            summary = run.Make(prepared.Leaving);
        }
        catch (Exception error)
        {
            NoteFailure(run, error);
            throw;
        }

        return CompleteCompaction(prepared, summary.Text, summary.Source, run).ToResult(SessionId, Pins);
    }

    /// <summary>The compaction without its summary; null when there is nothing to compact. Reads the context from the file.</summary>
    internal PreparedCompaction? PrepareCompaction(CompactionReason reason, OpiCompactionPolicy policy)
    {
        var request = new CompactionRequest(SessionId, reason, policy) { Model = Model, RoomTokens = Compaction.Policy.ContextLimit };
        bool isLarge = Content.Context.Sources.Sum(entry => (long)entry.Length) > LargeContext;
        IReadOnlyList<ContextEntry> entries = isLarge ? ReadByOwnFile() : [.. CompactionEntries.Select(entry => new ReadContextEntry(entry))];
        return CompactionPlanner.Prepare(request, entries, isLarge);
    }

    /// <summary>
    /// The context as it is now, read from the file opened once more: the session may be written to, or closed, while a summary is made. It
    /// is closed when nothing holds the entries any more.
    /// </summary>
    private IReadOnlyList<ContextEntry> ReadByOwnFile()
    {
        SessionLines file = _writer.OpenFileToRead();
        return [.. CompactionEntries.Cast<IndexedContextEntry>().Select(entry => entry.ReadBy(Read))];

        AgentMessage Read(IndexedEntry source) => SessionReader.MessageOf(file.Read(source));
    }

    /// <summary>Writes a compaction that was prepared for the context as it is still.</summary>
    internal CompactionOutput CompleteCompaction(PreparedCompaction prepared, string summary, SummarySource source, SummaryRun run)
    {
        NoteSpent(run);
        CompactionPlan plan = prepared.With(summary, source, run);
        string timestamp = WireTime.Format(_time.GetUtcNow());
        UInt128 mark = _sequence.Mark();
        var entry = new CompactionEntry(
            _sequence.Next("cmp"), _tip?.Id, timestamp, plan.Summary, plan.FirstKeptEntryId, plan.TokensBefore, plan.TokensAfter)
        {
            Usage = _spent,
            Model = _spentModel,
        };
        IReadOnlyList<IndexedEntry> written = Append([entry], timestamp, mark);
        CountSpent();

        Content.Context.Take(written[0]);
        RenumberAgentMessages();
        FollowRepeatedIds();
        CompactionWatermarkTokens = Usage.TotalTokens;
        CompactionSummaryMessage message = entry.ToMessage();
        return new CompactionOutput(message, WithSummary(message, plan), prepared.Request.Reason, plan);
    }

    /// <summary>
    /// The summary and the messages that stayed; those are read again where a pin or a clearing may have come while the summary was made.
    /// </summary>
    private IReadOnlyList<AgentMessage> WithSummary(CompactionSummaryMessage summary, CompactionPlan plan)
    {
        bool isChanged = CompactionEntries.Any(entry => entry.IsCleared || entry.IsPinned || entry.IsCarried);
        if (plan.KeptMessages is not LazyMessages kept)
        {
            AgentMessage[] all = [summary, .. isChanged ? CompactionEntries.Skip(1).Select(entry => entry.Message) : plan.KeptMessages];
            return all;
        }

        IReadOnlyList<ContextEntry>? now = isChanged ? ReadByOwnFile() : null;
        return new LazyMessages(1 + (now?.Count - 1 ?? kept.Count), i => i == 0 ? summary : now?[i].Message ?? kept[i - 1]);
    }

    /// <summary>
    /// Clears older results of tools: each is replaced by a line that says what was there, how long it was, and which entry has it. Makes no
    /// summary, and asks no model.
    /// </summary>
    /// <returns>What was done; null when there was nothing to clear.</returns>
    /// <exception cref="SessionWriteException">Nothing was persisted and nothing has changed.</exception>
    internal ClearingPlan? ClearToolResults(CompactionReason reason, OpiCompactionPolicy policy)
    {
        var request = new CompactionRequest(SessionId, reason, policy) { Model = Model, RoomTokens = Compaction.Policy.ContextLimit };
        if (ClearingPlan.Of(request, Content.Context.Entries) is { } plan)
        {
            UInt128 mark = _sequence.Mark();
            string timestamp = WireTime.Format(_time.GetUtcNow());
            TakeBeside(Write([new ToolResultsClearedEntry(_sequence.Next("clear"), _tip?.Id, timestamp, plan.EntryIds)], mark));
            CompactionWatermarkTokens = Usage.TotalTokens;
            return plan;
        }

        return null;
    }

    /// <summary>Takes entries that change the context, and hang on the tip without becoming one: no leaf, and the tip stays.</summary>
    private void TakeBeside(IReadOnlyList<IndexedEntry> written)
    {
        foreach (IndexedEntry entry in written)
        {
            Content.Context.Take(entry);
            RenumberAgentMessages();
            FollowRepeatedIds();
        }
    }

    /// <summary>Keeps the cost of a failed compaction's calls, if it was reported.</summary>
    internal void NoteFailure(SummaryRun run, Exception error)
    {
        if (run.Usage is not null)
        {
            NoteSpent(run);
            AppendFailure(error);
        }
    }

    /// <summary>The largest entry of the context and its estimated tokens; null when the context is empty.</summary>
    internal (string Id, long Tokens)? LargestEntry() => Content.Context.Entries.Count == 0
        ? null
        : Content.Context.Entries.Select(entry => (entry.FileId, TokenEstimator.Default.Estimate(entry.Message))).MaxBy(entry => entry.Item2);

    /// <summary>Records what a failed compaction spent, so that it is part of the cost. Its parent is the tip, and it changes nothing else.</summary>
    private void AppendFailure(Exception error)
    {
        try
        {
            UInt128 mark = _sequence.Mark();
            Write(
                [new CompactionFailureEntry(
                    _sequence.Next("fail"), _tip?.Id, WireTime.Format(_time.GetUtcNow()), error.Message, _spent!, _spentModel)],
                mark);
            CountSpent();
        }
        catch (SessionWriteException notWritten)
        {
            throw new CompactionFailedException(
                SessionId,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{error.Message.TrimEnd('.')}. The {_spent!.TotalTokens} tokens that it spent will be recorded with the next compaction: "
                        + $"{notWritten.Message}"),
                error);
        }
    }

    /// <summary>Notes what summarisers' calls cost until it is in the file: a full disk does not make it free.</summary>
    private void NoteSpent(SummaryRun run)
    {
        if (run.Usage is { } usage)
        {
            _spent = _spent is null ? usage : _spent + usage;
            _spentModel = run.Model ?? Model;
        }
    }

    private void CountSpent()
    {
        Usage = _spent is null ? Usage : Usage.Add(_spent);
        _spent = null;
        _spentModel = null;
    }
}
