using System.Globalization;

namespace Opi;

/// <summary>Whether a session can be written to.</summary>
public enum OpiSessionState
{
    /// <summary>It can.</summary>
    Open,

    /// <summary>It was closed.</summary>
    Closed,
}

/// <summary>
/// A session that is open for writing. Safe to use from several threads: turns are written one after the other.
/// </summary>
public sealed class OpiSession : IDisposable
{
    private readonly object _gate = new();
    private readonly SessionCoordinator _coordinator;
    private readonly SessionOptions _options;
    private readonly CompactionBreaker _breaker = new();
    private bool _compacting;

    private OpiSession(SessionCoordinator coordinator, SessionOptions options)
    {
        _coordinator = coordinator;
        _options = options;
    }

    /// <summary>A compaction begins.</summary>
    public event EventHandler<CompactionStartedEventArgs>? CompactionStarted;

    /// <summary>A compaction has ended, well or not.</summary>
    public event EventHandler<CompactionEndedEventArgs>? CompactionEnded;

    /// <summary>The session's id.</summary>
    public string Id => _coordinator.SessionId;

    /// <summary>The file.</summary>
    public string Path => _coordinator.SessionPath;

    /// <summary>The model as <c>provider:model</c>; null when not known.</summary>
    public string? Model => _coordinator.Model;

    /// <summary>The model that it was created or opened with, as <c>provider:model</c>; null when none was given.</summary>
    public string? GivenModel => _options.Model;

    /// <summary>The folder the agent works in.</summary>
    public string WorkingDirectory => _coordinator.Header.WorkingDirectory;

    /// <summary>The session it was forked from; null for none.</summary>
    public string? ParentSession => _coordinator.Header.ParentSession;

    /// <summary>Its name; null when it has none.</summary>
    public string? Name => _coordinator.Metadata.Name;

    /// <summary>Its labels.</summary>
    public IReadOnlyList<string> Labels => _coordinator.Metadata.Labels;

    /// <summary>The thinking level; null when none was set.</summary>
    public string? ThinkingLevel => _coordinator.Metadata.ThinkingLevel;

    /// <summary>When it was created; null when the header has no time.</summary>
    public DateTimeOffset? CreatedAt => _coordinator.Header.CreatedAt;

    /// <summary>How many turns: the user's messages of the active branch when it was opened, and every turn added since.</summary>
    public int Turns => _coordinator.Usage.Turns;

    /// <summary>How many entries the file has.</summary>
    public int EntryCount => _coordinator.Index.Count;

    /// <summary>The tokens so far.</summary>
    public CumulativeUsage Usage => _coordinator.Usage;

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

    private long? _contextTokens;

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

    private bool _compactionDue;

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

    /// <summary>Whether it can be written to.</summary>
    public OpiSessionState State { get; private set; }

    /// <summary>What was wrong with the file when it was opened.</summary>
    public SessionRecovery Recovery => _coordinator.Recovery;

    /// <summary>Creates a session in a folder. Its file has the header when this returns.</summary>
    /// <exception cref="SessionWriteException">The file cannot be created.</exception>
    /// <exception cref="ContextWindowException">The window to compact by is not known.</exception>
    public static OpiSession Create(string folder, SessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new OpiSession(
            SessionCoordinator.Create(System.IO.Path.GetFullPath(folder), options.WorkingDirectory, options.Compaction, options.Model, options.Durability, options.FormatVersion),
            options);
    }

    /// <summary>Opens an existing session for appending.</summary>
    /// <exception cref="SessionNotFoundException">There is no such file.</exception>
    /// <exception cref="SessionLockedException">Somebody else has it open.</exception>
    /// <exception cref="InvalidSessionFileException">It is no session file.</exception>
    /// <exception cref="SessionWriteException">It cannot be written to.</exception>
    /// <exception cref="ContextWindowException">The window to compact by is not known.</exception>
    public static OpiSession Resume(string path, SessionOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new OpiSession(
            SessionCoordinator.OpenExisting(System.IO.Path.GetFullPath(path), options.Compaction, options.Model, options.Durability, cancellation: cancellation),
            options);
    }

    /// <summary>What a person should know about the file that was opened: damage, and a last turn without its end. Empty when all is well.</summary>
    public IReadOnlyList<string> DescribeFindings()
    {
        var findings = new List<string>();
        if (!Recovery.IsClean)
        {
            findings.Add(Recovery.ToString());
        }

        findings.AddRange(_coordinator.Tree.Warnings.Select(warning => warning.Message.TrimEnd('.')));
        lock (_gate)
        {
            if (State == OpiSessionState.Open && DescribeOpenEnd() is { } openEnd)
            {
                findings.Add(openEnd);
            }
        }

        return findings;
    }

    /// <summary>Persists a turn, whole or not at all.</summary>
    /// <param name="messages">Its messages, in order.</param>
    /// <param name="usage">
    /// The turn's tokens; null for the sum of its messages'. When given they are stored with the last answer and the other answers are
    /// stored with zero, so that opening the session again gives the same totals.
    /// </param>
    /// <exception cref="ArgumentException">A usage, but no answer to store it with; or no message at all.</exception>
    /// <exception cref="SessionClosedException">The session was closed.</exception>
    /// <exception cref="SessionWriteException">Nothing was persisted and nothing has changed.</exception>
    public OpiTurn AddTurn(IReadOnlyList<Message> messages, Usage? usage = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (messages.Count == 0)
        {
            throw new ArgumentException("A turn needs a message.", nameof(messages));
        }

        IReadOnlyList<Message> stored = usage is null ? messages : WithUsage(messages, usage);
        stored = [.. stored.Select(message => Redactor.Apply(WithModel(message), _options.Redaction))];
        AssistantMessage[] answers = [.. stored.OfType<AssistantMessage>()];
        Usage sum = answers.Aggregate(new Usage(0, 0), (total, answer) => total + answer.Usage);
        lock (_gate)
        {
            RequireOpen();
            int before = _coordinator.Index.Count;
            CompactionReason? due = _coordinator.OnTurnEnd(stored, sum, _coordinator.AgentMessageCount);
            var turn = new OpiTurn(
                Id,
                Turns,
                [.. _coordinator.Index.Skip(before).Take(stored.Count).Select(entry => entry.Id)],
                sum.InputTokens,
                sum.OutputTokens,
                sum.CacheReadTokens,
                sum.CacheWriteTokens,
                sum.TotalTokens,
                CostOf(answers),
                due);
            return due is { } reason && _options.AutoCompact ? CompactAfter(turn, reason) : turn;
        }
    }

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
            if ((reason != CompactionReason.Manual && CompactionSuspended) || !_coordinator.Compaction.ShouldCompact(_coordinator.TriggerTokens, reason))
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
                    throw new CompactionFailedException(Id, "the context overflows, and nothing can leave it: it is one message, or one tool call with its results.");
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

    /// <summary>Changes name, model, thinking level or labels. A model change is in force for later turns.</summary>
    /// <exception cref="SessionClosedException">The session was closed.</exception>
    /// <exception cref="SessionWriteException">Nothing was persisted and nothing has changed.</exception>
    public void Update(SessionUpdate update)
    {
        lock (_gate)
        {
            RequireOpen();
            _coordinator.AppendMetadata(update);
        }
    }

    /// <summary>Makes an entry the tip of the conversation: the next turn hangs there.</summary>
    /// <param name="entryId">A message or a compaction.</param>
    /// <param name="summary">What happened on the branch that is left; null for nothing.</param>
    /// <exception cref="EntryNotFoundException">There is no such entry in the conversation.</exception>
    /// <exception cref="SessionClosedException">The session was closed.</exception>
    /// <exception cref="SessionWriteException">Nothing was persisted and nothing has changed.</exception>
    public void SwitchBranch(string entryId, string? summary = null)
    {
        lock (_gate)
        {
            RequireOpen();
            var tree = new SessionTree(_coordinator.Index);
            if (tree.FindContent(entryId) is null)
            {
                throw new EntryNotFoundException(Id, entryId, tree);
            }

            _coordinator.AppendLeaf(entryId, summary);
        }
    }

    /// <summary>The messages to send next: the newest summary, what it kept, and what came after. Reads them from the file.</summary>
    /// <exception cref="SessionClosedException">The session was closed.</exception>
    public IReadOnlyList<AgentMessage> ReadContext()
    {
        lock (_gate)
        {
            RequireOpen();
            return _coordinator.ReadContext();
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
            return OpiContextMeasure.Of(Id, Model, _coordinator.CompactionEntries, options ?? new MeasureOptions(), _coordinator.Compaction.Config, _coordinator.TokensSinceCompaction);
        }
    }

    /// <summary>The cost by the seed's rule: all tokens at the price of the session's model. Null when it has no price.</summary>
    public CostBreakdown? CostSummary() => _coordinator.CostSummary();

    /// <summary>Closes the file and gives up the lock. Closing twice is no error.</summary>
    /// <exception cref="SessionWriteException">The disk failed while buffered turns were flushed.</exception>
    public void Close()
    {
        lock (_gate)
        {
            if (State == OpiSessionState.Open)
            {
                State = OpiSessionState.Closed;
                _coordinator.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    /// <summary>The id.</summary>
    public override string ToString() => Id;

    private static decimal? CostOf(IEnumerable<AssistantMessage> answers)
    {
        decimal total = 0;
        foreach (AssistantMessage answer in answers)
        {
            if (!answer.Usage.IsKnown || PricingCatalog.Recent.Find(answer.ModelSpec)?.CostOf(answer.Usage) is not { } cost)
            {
                return null;
            }

            total += cost.TotalCost;
        }

        return total;
    }

    private static List<Message> WithUsage(IReadOnlyList<Message> messages, Usage usage)
    {
        var stored = new List<Message>(messages);
        int last = stored.FindLastIndex(message => message is AssistantMessage);
        if (last < 0)
        {
            throw new ArgumentException("Tokens are stored with an answer, and this turn has none. Give the answer too.", nameof(usage));
        }

        for (int i = 0; i <= last; i++)
        {
            if (stored[i] is AssistantMessage answer)
            {
                stored[i] = answer with { Usage = (i == last ? usage : new Usage(0, 0)) with { Reported = true } };
            }
        }

        return stored;
    }

    /// <summary>An answer that names no model is one of the session's, so that its price does not depend on who asks later.</summary>
    private Message WithModel(Message message)
    {
        if (message is not AssistantMessage { ModelSpec: null } answer || Model is null)
        {
            return message;
        }

        (string provider, string model) = ModelName.Split(Model);
        return answer with { Provider = provider, Model = model, Api = AssistantMessage.ApiOf(provider) };
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

    /// <summary>The end of the conversation, where something is missing: an answer to a prompt, or a result to a tool call.</summary>
    private string? DescribeOpenEnd()
    {
        var answered = new HashSet<string>();
        for (int i = _coordinator.CompactionEntries.Count - 1; i >= 0; i--)
        {
            switch (_coordinator.CompactionEntries[i].Message)
            {
                case ToolResultMessage result:
                    answered.Add(result.ToolCallId);
                    continue;
                case AssistantMessage answer when answer.ToolCalls.Count(call => !answered.Contains(call.Id)) is > 0 and int open:
                    return string.Create(CultureInfo.InvariantCulture, $"the last turn has {open} tool call{(open == 1 ? "" : "s")} without a result");
                case UserMessage when answered.Count == 0:
                    return "the last turn is a prompt without an answer";
                default:
                    return null;
            }
        }

        return null;
    }

    private void RequireOpen()
    {
        if (State == OpiSessionState.Closed)
        {
            throw new SessionClosedException(Id);
        }

        if (_compacting)
        {
            throw new CompactionFailedException(Id, "the summariser tried to change the session that it summarises.");
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
