namespace Opi;

public sealed partial class OpiSession
{
    /// <summary>A compaction begins.</summary>
    public event EventHandler<CompactionStartedEventArgs>? CompactionStarted;

    /// <summary>A compaction has ended, well or not.</summary>
    public event EventHandler<CompactionEndedEventArgs>? CompactionEnded;

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
    /// The tokens at which a compaction is due: those billed since the last one, or with a context window those of the context, which it is
    /// due above.
    /// </summary>
    public long CompactionThreshold => _coordinator.Compaction.Config.ContextLimit ?? _options.Compaction.ThresholdTokens;

    /// <summary>The tokens that the model's context can have, by which compactions are due; null when they are due by billed tokens.</summary>
    public long? ContextWindow => _coordinator.Compaction.Config.ContextWindow;

    /// <summary>The tokens of the window that are kept free; null without a window.</summary>
    public long? ReserveTokens => ContextWindow is { } window ? _coordinator.Compaction.Config.ReserveOf(window) : null;

    /// <summary>How its context is compacted, where a compaction does not say otherwise.</summary>
    public CompactionOptions CompactionOptions => _options.CompactionOptions;

    /// <summary>
    /// Whether no compaction runs by itself any more, because three in a row failed or saved less than 5 % of the context. One that is asked
    /// for (<see cref="CompactionReason.Manual"/>) runs nevertheless, and ends this when it saves more.
    /// </summary>
    public bool CompactionSuspended => _breaker.IsOpen;

    /// <summary>Compacts the context. A manual compaction runs always, the others only where they are due and not suspended.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="options">How; null for what the session was opened with.</param>
    /// <returns>What was done; null when it was not due, when <see cref="CompactionSuspended"/>, or when there was nothing to compact.</returns>
    /// <exception cref="SessionClosedException">The session was closed.</exception>
    /// <exception cref="CompactionFailedException">
    /// The summariser failed, or the context overflows and nothing can leave it. Nothing has changed but what was spent.
    /// </exception>
    /// <exception cref="SessionWriteException">Nothing was persisted and nothing has changed.</exception>
    public OpiCompactionResult? Compact(CompactionReason reason = CompactionReason.Manual, CompactionOptions? options = null)
    {
        lock (_gate)
        {
            RequireOpen();
            if (
                (reason != CompactionReason.Manual && CompactionSuspended)
                    || !_coordinator.Compaction.ShouldCompact(_coordinator.TriggerTokens, reason))
            {
                return null;
            }

            OpiCompactionResult? result = null;
            string? failure = "nothing to compact";
            CompactionStarted?.Invoke(this, new CompactionStartedEventArgs(Id, reason));
            _compacting = true;
            try
            {
                CompactionOptions used = options ?? _options.CompactionOptions;
                CompactionOutput? output = _coordinator.ExecuteCompaction(
                    reason,
                    used.Summarizer is { } summarizer ? used with { Summarizer = new CheckedSummarizer(this, summarizer) } : used);
                if (output is not null)
                {
                    result = new OpiCompactionResult(
                        Id,
                        reason,
                        output.Summary.Summary,
                        output.Plan.SummarySource,
                        output.Plan.FirstKeptEntryId,
                        output.Plan.TokensBefore,
                        output.Plan.TokensAfter,
                        output.Plan.Split,
                        output.Messages.Count - 1,
                        output.Messages)
                    {
                        Usage = output.Plan.Usage,
                        ContextTokens = output.Plan.ContextTokensAfter,
                        OversizedEntryId = output.Plan.OversizedEntryId,
                    };
                    failure = null;
                    _breaker.Done(reason, output.Plan);
                }
                else if (reason == CompactionReason.Overflow)
                {
                    throw new CompactionFailedException(
                        Id, "the context overflows, and nothing can leave it: it is one message, or one tool call with its results.");
                }

                return result;
            }
            catch (Exception error)
            {
                _breaker.Failed(reason);
                failure = error.Message;
                throw;
            }
            finally
            {
                _compacting = false;
                CompactionEnded?.Invoke(this, new CompactionEndedEventArgs(Id, reason, result, failure));
            }
        }
    }

    /// <summary>Measures the context: how large it is, what it is spent on, and whether a compaction is due.</summary>
    /// <exception cref="SessionClosedException">The session was closed.</exception>
    /// <exception cref="ContextWindowException">The window to measure by is not known.</exception>
    public OpiContextMeasure Measure(MeasureOptions? options = null)
    {
        lock (_gate)
        {
            RequireOpen();
            return OpiContextMeasure.Of(
                Id,
                Model,
                _coordinator.CompactionEntries,
                options ?? new MeasureOptions(),
                _coordinator.Compaction.Config,
                _coordinator.TokensSinceCompaction);
        }
    }

    private OpiTurn CompactAfter(OpiTurn turn, CompactionReason reason)
    {
        try
        {
            return turn with { Compaction = Compact(reason) };
        }
        catch (OpiException error)
        {
            return turn with { CompactionError = error };
        }
    }

    /// <summary>Notices that a summariser closed the session, and does not take nothing for a summary.</summary>
    private sealed class CheckedSummarizer(OpiSession session, ISummarizer inner) : ISummarizer
    {
        public SummaryResult? Summarize(SummaryRequest request)
        {
            SummaryResult? summary = inner.Summarize(request);
            return session.State == OpiSessionState.Closed ? throw new SessionClosedException(session.Id) : summary ?? new SummaryResult(null);
        }
    }
}
