using System.Runtime.CompilerServices;

namespace Opi;

public sealed partial class OpiSession
{
    /// <summary>A compaction begins.</summary>
    public event EventHandler<CompactionEventArgs>? CompactionStarted;

    /// <summary>A compaction has ended, well or not.</summary>
    public event EventHandler<CompactionEventArgs>? CompactionEnded;

    /// <summary>
    /// The context's size. With a context window what the last answer's provider reported and an estimate of what came after it; else opi's
    /// estimate, four bytes of text a token. Null when the session was closed before it was asked for.
    /// </summary>
    public long? ContextTokens
    {
        get
        {
            lock (_gate)
            {
                if (State == OpiSessionState.Open)
                {
                    _contextTokens = ContextWindow is null ? _coordinator.ContextTokens : _coordinator.ContextSize.Tokens;
                }

                return _contextTokens;
            }
        }
    }

    /// <summary>Whether a compaction is due: by the tokens since the last one, or with a context window by the size of the context.</summary>
    public bool CompactionDue
    {
        get
        {
            lock (_gate)
            {
                if (State == OpiSessionState.Open)
                {
                    _compactionDue = _coordinator.DueReason is not null;
                }

                return _compactionDue;
            }
        }
    }

    /// <summary>
    /// The tokens at which a compaction is due: those billed since the last one, or with a context window those of the context; then it is
    /// due above this number.
    /// </summary>
    public long CompactionThreshold => _coordinator.Compaction.Policy.ContextLimit ?? _options.Compaction.CompactionThreshold;

    /// <summary>The tokens that the model's context can have, by which compactions are due; null when they are due by billed tokens.</summary>
    public long? ContextWindow => _coordinator.Compaction.Policy.ContextWindow;

    /// <summary>The tokens of the window that are kept free; null without a window.</summary>
    public long? ReserveTokens => ContextWindow is { } window ? _coordinator.Compaction.Policy.ReserveOf(window) : null;

    /// <summary>When and how its context is compacted, where a compaction does not say otherwise.</summary>
    public OpiCompactionPolicy Compaction => _options.Compaction;

    /// <summary>
    /// Whether compactions for the threshold are skipped, because three in a row failed or saved less than 5 % of the context. Now and then
    /// one is tried, at longer and longer intervals. A compaction that saves more ends this, whatever its reason. Manual ones
    /// (<see cref="CompactionReason.Manual"/>) and those after an overflow always run.
    /// </summary>
    public bool CompactionSuspended => _breaker.IsOpen;

    /// <summary>
    /// Compacts the context. Waits for the summarizer, which runs on this thread up to where it first waits itself;
    /// <see cref="CompactAsync"/> is for those who must not block.
    /// </summary>
    /// <inheritdoc cref="CompactAsync"/>
    public OpiCompactionResult? Compact(
        CompactionReason reason = CompactionReason.Manual, OpiCompactionPolicy? policy = null, CancellationToken cancellationToken = default) =>
        CompactAsync(reason, policy, cancellationToken).GetAwaiter().GetResult();

    /// <summary>
    /// Compacts the context. A manual compaction and one of an overflow always run; one of a threshold only where it is due, not suspended,
    /// and no other is running. The session can be read and written while the summarizer works; when the conversation has moved on by then, the
    /// compaction fails.
    /// </summary>
    /// <param name="reason">Why.</param>
    /// <param name="policy">How; null for what the session was opened with, which always decides when one is due.</param>
    /// <param name="cancellationToken">Stops the summarizer.</param>
    /// <returns>What was done; null when it was not due, when <see cref="CompactionSuspended"/>, or when there was nothing to compact.</returns>
    /// <exception cref="OpiException">SessionClosed: the session was closed.</exception>
    /// <exception cref="CompactionFailedException">
    /// The summarizer failed, the conversation moved on meanwhile, another compaction is running, or the context overflows and nothing can
    /// leave it. Nothing has changed but what was spent.
    /// </exception>
    /// <exception cref="SessionWriteException">Nothing was persisted and nothing has changed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled. Nothing has changed but what was spent.</exception>
    public async Task<OpiCompactionResult?> CompactAsync(
        CompactionReason reason = CompactionReason.Manual, OpiCompactionPolicy? policy = null, CancellationToken cancellationToken = default)
    {
        if (!BeginCompaction(reason))
        {
            return null;
        }

        using OpiTelemetry.Measured measured = OpiTelemetry.Compaction(Id, reason, _options.TimeProvider);
        OpiCompactionResult? result = null;
        string? failure = "nothing to compact";
        try
        {
            Raise(() => CompactionStarted?.Invoke(this, new CompactionEventArgs(Id, reason)), isDone: false);
            result = await CompactOnceAsync(reason, policy ?? _options.Compaction, cancellationToken).ConfigureAwait(false);
            failure = result is null ? failure : null;
        }
        catch (Exception error)
        {
            failure = error.Message;
            measured.Fail(error);
            lock (_gate)
            {
                if (error is not OperationCanceledException)
                {
                    _breaker.Failed(reason);
                }
            }

            throw;
        }
        finally
        {
            lock (_gate)
            {
                _compacting = false;
            }

            var ended = new CompactionEventArgs(Id, reason) { Result = result, ErrorMessage = failure };
            Raise(() => CompactionEnded?.Invoke(this, ended), isDone: result is not null);
        }

        return result;
    }

    /// <summary>Whether a compaction is to run now; then no other one may.</summary>
    private bool BeginCompaction(CompactionReason reason)
    {
        lock (_gate)
        {
            RequireOpen();
            bool isThreshold = reason == CompactionReason.Threshold;
            if (isThreshold && !_coordinator.Compaction.ShouldCompact(_coordinator.TriggerTokens, reason))
            {
                return false;
            }

            if (_compacting)
            {
                return isThreshold
                    ? false
                    : throw new CompactionFailedException(Id, "another compaction of it is running.");
            }

            return _compacting = _breaker.Admits(reason);
        }
    }

    /// <summary>Plans under the lock, asks the summarizer outside of it, and writes under the lock if the conversation is the same still.</summary>
    private async Task<OpiCompactionResult?> CompactOnceAsync(
        CompactionReason reason, OpiCompactionPolicy policy, CancellationToken cancellationToken)
    {
        PreparedCompaction? prepared;
        IndexedEntry? tip;
        lock (_gate)
        {
            RequireOpen();
            if (policy is { Strategy: CompactionStrategy.ClearToolResults, Summarizer: null })
            {
                return ClearOnce(reason, policy) ?? (reason == CompactionReason.Overflow ? throw NothingToClear() : null);
            }

            if (policy is { Instructions: not null, Summarizer: null })
            {
                throw new CompactionFailedException(
                    Id, $"instructions are for a summarizer, and the strategy {policy.Strategy} asks none.");
            }

            policy = policy.Summarizer is { } summarizer ? policy with { Summarizer = new CheckedSummarizer(this, summarizer) } : policy;
            prepared = _coordinator.PrepareCompaction(reason, policy);
            tip = _coordinator.Tip;
            if (prepared is null)
            {
                return reason == CompactionReason.Overflow ? throw NothingCanLeave() : null;
            }
        }

        var run = new SummaryRun(prepared.Request);
        try
        {
            (string text, SummarySource source) = await run.MakeAsync(prepared.Leaving, cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                RequireOpen();
                RequireTip(tip);
                CompactionOutput output = _coordinator.CompleteCompaction(prepared, text, source, run);
                _breaker.Done(reason, output.Plan.ContextTokensBefore, output.Plan.ContextTokensAfter);
                return output.ToResult(Id, _coordinator.Pins);
            }
        }
        catch (Exception error) when (error is not SessionWriteException) // which keeps what was spent for the next one
        {
            lock (_gate)
            {
                if (State == OpiSessionState.Open)
                {
                    _coordinator.NoteFailure(run, error);
                }
            }

            throw;
        }
    }

    /// <summary>Clears tools' results; null when there are none to clear.</summary>
    private OpiCompactionResult? ClearOnce(CompactionReason reason, OpiCompactionPolicy policy)
    {
        if (_coordinator.ClearToolResults(reason, policy) is not { } plan)
        {
            return null;
        }

        _breaker.Done(reason, plan.ContextTokensBefore, plan.ContextTokensAfter);
        IReadOnlyList<ContextEntry> entries = _coordinator.CompactionEntries;
        AgentMessage[] messages = [.. entries.Select(entry => entry.Message)];
        return new OpiCompactionResult(
            Id, reason, "", SummarySource.None, entries[0].FileId, plan.TokensBefore, plan.TokensAfter, 0, entries.Count, messages)
        {
            ContextTokens = plan.ContextTokensAfter,
            ClearedEntryIds = plan.EntryIds,
            KeptEntryIds = [.. entries.Select(entry => entry.FileId)],
            PinnedEntryIds = [.. entries.Where(entry => entry.IsPinned).Select(entry => entry.FileId)],
            RecoverableEntryIds = plan.EntryIds,
        };
    }

    private CompactionFailedException NothingToClear() => _coordinator.LargestEntry() is var (id, tokens)
        ? CompactionFailedException.Oversized(Id, "and there is no tool's result that could be cleared", id, tokens)
        : CompactionFailedException.Oversized(Id, "and it has no message", null, 0);

    private CompactionFailedException NothingCanLeave() => _coordinator.LargestEntry() is var (id, tokens)
        ? CompactionFailedException.Oversized(
            Id, "and nothing can leave it: it is one message, or one tool call with its results, or all of it is pinned", id, tokens)
        : CompactionFailedException.Oversized(Id, "and it has no message", null, 0);

    private void RequireTip(IndexedEntry? tip)
    {
        if (_coordinator.Tip != tip)
        {
            throw new CompactionFailedException(Id, "the conversation moved on while the summary was made, by a turn or a change of branch.");
        }
    }

    /// <summary>Runs handlers of an event. An error of a handler is reported as such: it does not change whether the compaction is done.</summary>
    private void Raise(Action handlers, bool isDone)
    {
        try
        {
            handlers();
        }
        catch (Exception error) when (error is not CompactionFailedException)
        {
            throw CompactionFailedException.OfHandler(Id, isDone, error);
        }
    }

    /// <summary>Measures the context: how large it is, what it is spent on, and whether a compaction is due.</summary>
    /// <exception cref="OpiException">SessionClosed: the session was closed.</exception>
    /// <exception cref="OpiException">ContextWindowUnknown: the window to measure by is not known.</exception>
    internal OpiContextMeasure Measure(MeasureOptions? options = null)
    {
        ContextEntry[] entries;
        string? model;
        OpiCompactionPolicy policy;
        long billed;
        lock (_gate)
        {
            RequireOpen();
            entries = [.. _coordinator.CompactionEntries.Select(entry => new ReadContextEntry(entry))];
            (model, policy, billed) = (Model, _coordinator.Compaction.Policy, _coordinator.TokensSinceCompaction);
        }

        // The estimator may be the caller's own, and may use this session.
        return OpiContextMeasure.Of(Id, model, entries, options ?? new MeasureOptions(), policy, billed);
    }

    /// <summary>
    /// Compacts after a turn that made it due. The turn is in the file: any failure here, cancelling too, is reported in the turn and not
    /// thrown.
    /// </summary>
    private async Task<OpiTurn> CompactAfterAsync(OpiTurn turn, CompactionReason reason, CancellationToken cancellationToken)
    {
        try
        {
            OpiCompactionResult? compaction = await CompactAsync(reason, null, cancellationToken).ConfigureAwait(false);
            return turn with { Compaction = compaction, Compactions = compaction is null ? [] : [compaction] };
        }
        catch (OpiException error)
        {
            return turn with { CompactionError = error };
        }
        catch (Exception error)
        {
            return turn with { CompactionError = new CompactionFailedException(Id, error.Message.TrimEnd('.') + ".", error) };
        }
    }

    /// <summary>Notices that a summarizer closed or changed the session, and does not take nothing for a summary.</summary>
    private sealed class CheckedSummarizer(OpiSession session, ISummarizer inner) : ISummarizer
    {
        public async Task<SummaryResult?> SummarizeAsync(SummaryRequest request, CancellationToken cancellationToken)
        {
            var asked = new StrongBox<bool>(true);
            session._summarizer.Value = asked; // flows into what it calls only
            SummaryResult? summary;
            try
            {
                summary = await inner.SummarizeAsync(request, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                asked.Value = false; // work that it left behind may use the session
            }

            return session.State == OpiSessionState.Closed ? throw new SessionClosedException(session.Id) : summary ?? new SummaryResult(null);
        }
    }
}
