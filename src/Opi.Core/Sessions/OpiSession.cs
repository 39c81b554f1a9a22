using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Opi;

/// <summary>
/// A session that is open for writing. Safe to use from several threads: turns are written one after the other.
/// </summary>
public sealed partial class OpiSession : IDisposable
{
    private readonly object _gate = new();
    private readonly SessionCoordinator _coordinator;
    private readonly SessionOptions _options;
    private readonly CompactionBreaker _breaker = new();
    private readonly AsyncLocal<StrongBox<bool>?> _summarizer = new(); // true in the flow of a summarizer that this session asks
    private readonly ConcurrentQueue<TurnToWrite> _waiting = new(); // turns that no thread has begun to write
    private bool _compacting;

    private OpiSession(SessionCoordinator coordinator, SessionOptions options)
    {
        _coordinator = coordinator;
        _options = options;
    }

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
    public ThinkingLevel? ThinkingLevel => _coordinator.Metadata.ThinkingLevel;

    /// <summary>When it was created; null when the header has no time.</summary>
    public DateTimeOffset? CreatedAt => _coordinator.Header.CreatedAt;

    /// <summary>How many turns the file has, over all branches: each begins with a user's prompt, as in the costs by turn.</summary>
    public int Turns => _coordinator.Turns;

    /// <summary>How many entries the file has.</summary>
    public int EntryCount => _coordinator.EntryCount;

    /// <summary>The tokens so far.</summary>
    public CumulativeUsage Usage => _coordinator.UsageOfTurns;

    private long? _contextTokens;

    private bool _compactionDue;

    /// <summary>Whether it can be written to.</summary>
    public OpiSessionState State { get; private set; }

    /// <summary>What was wrong with the file when it was opened.</summary>
    public SessionRecovery Recovery => _coordinator.Recovery;

    /// <summary>Creates a session in a folder. Its file has the header when this returns.</summary>
    /// <exception cref="SessionWriteException">The file cannot be created.</exception>
    /// <exception cref="OpiException">ContextWindowUnknown: the window to compact by is not known.</exception>
    public static OpiSession Create(string folder, SessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new OpiSession(
            SessionCoordinator.Create(
                System.IO.Path.GetFullPath(folder),
                options.WorkingDirectory,
                options.Compaction,
                options.Model,
                options.Durability,
                options.FormatVersion,
                options.WithoutLocks,
                options.TimeProvider),
            options);
    }

    /// <summary>Opens an existing session for appending.</summary>
    /// <exception cref="SessionNotFoundException">There is no such file.</exception>
    /// <exception cref="SessionLockedException">Another writer has it open.</exception>
    /// <exception cref="InvalidSessionFileException">It is not a session file.</exception>
    /// <exception cref="SessionWriteException">It cannot be written to.</exception>
    /// <exception cref="OpiException">ContextWindowUnknown: the window to compact by is not known.</exception>
    public static OpiSession Resume(string path, SessionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new OpiSession(
            SessionCoordinator.OpenExisting(
                System.IO.Path.GetFullPath(path),
                options.Compaction,
                options.Model,
                options.Durability,
                lockTimeout: options.LockTimeout,
                withoutLocks: options.WithoutLocks,
                timeProvider: options.TimeProvider,
                cancellationToken: cancellationToken),
            options);
    }

    /// <summary>What a person should know about the file that was opened: damage, and a last turn without its end. Empty when all is well.</summary>
    public IReadOnlyList<string> DescribeFindings() => DescribeFindings(out _);

    /// <inheritdoc cref="DescribeFindings()"/>
    /// <param name="lacksResults">Whether one of them is that calls of the last turn have no result.</param>
    internal IReadOnlyList<string> DescribeFindings(out bool lacksResults)
    {
        lacksResults = false;
        var findings = new List<string>();
        if (!Recovery.IsClean)
        {
            findings.Add(Recovery.ToString());
        }

        findings.AddRange(_coordinator.Warnings.Select(warning => warning.Message.TrimEnd('.')));
        lock (_gate)
        {
            if (State == OpiSessionState.Open && DescribeOpenEnd(out lacksResults) is { } openEnd)
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
    /// <exception cref="OpiException">SessionClosed: the session was closed.</exception>
    /// <exception cref="SessionWriteException">Nothing was persisted and nothing has changed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before anything was persisted.</exception>
    /// <param name="cancellationToken">
    /// Stops the compaction that runs at once where one is due; the turn is persisted by then, and its <see cref="OpiTurn.CompactionError"/>
    /// says so.
    /// </param>
    public OpiTurn AddTurn(IReadOnlyList<Message> messages, Usage? usage = null, CancellationToken cancellationToken = default) =>
        AddTurnAsync(messages, usage, cancellationToken).GetAwaiter().GetResult();

    /// <summary>
    /// As <see cref="AddTurn"/>, for those who must not wait for the summarizer of a compaction that runs at once. The turn is persisted before
    /// this method first waits.
    /// </summary>
    /// <inheritdoc cref="AddTurn"/>
    public async Task<OpiTurn> AddTurnAsync(
        IReadOnlyList<Message> messages, Usage? usage = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await PersistAsync(messages, usage, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// As <see cref="AddTurn"/>, for what has happened and has to be kept, also when the token was cancelled meanwhile: only the compaction that
    /// follows is stopped by it.
    /// </summary>
    internal OpiTurn Record(IReadOnlyList<Message> messages, CancellationToken cancellationToken) =>
        PersistAsync(messages, null, cancellationToken).GetAwaiter().GetResult();

    private async Task<OpiTurn> PersistAsync(IReadOnlyList<Message> messages, Usage? usage, CancellationToken cancellationToken)
    {
        OpiTurn turn = Persist(messages, usage);
        return turn.CompactionReason is { } reason && _options.Compaction.AutoCompact
            ? await CompactAfterAsync(turn, reason, cancellationToken).ConfigureAwait(false)
            : turn;
    }

    private OpiTurn Persist(IReadOnlyList<Message> messages, Usage? usage)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (messages.Count == 0)
        {
            throw new ArgumentException("A turn needs a message.", nameof(messages));
        }

        IReadOnlyList<Message> stored = usage is null ? messages : WithUsage(messages, usage);
        stored = [.. stored.Select(message => Redactor.Apply(WithModel(message), _options.Redaction))];
        AssistantMessage[] answers = [.. stored.OfType<AssistantMessage>()];
        Usage sum = answers.Aggregate(Opi.Usage.Unknown, (total, answer) => total + answer.Usage);
        decimal? cost = null;
        var turn = new TurnToWrite(stored, sum, start: null) { WhileWriting = () => cost = answers.Length == 0 ? null : CostOf(answers) };
        WriteWithWaiting(turn);
        OpiTelemetry.Count(answers, answer => CostOf([answer]));
        return new OpiTurn(
            Id,
            turn.Turns,
            [.. turn.Written.Select(entry => entry.Id)],
            sum.InputTokens,
            sum.OutputTokens,
            sum.CacheReadTokens,
            sum.CacheWriteTokens,
            sum.TotalTokens,
            cost,
            turn.DueReason)
        {
            StopReason = answers.LastOrDefault()?.StopReason,
            Text = answers.LastOrDefault()?.Text,
            ErrorMessage = answers.LastOrDefault()?.ErrorMessage,
            Rounds = answers.Length,
            ToolCalls = stored.Count(message => message is ToolResultMessage),
        };
    }

    /// <summary>
    /// Writes a turn, together with those of other threads that wait: the thread that gets the session next writes all of them with one flush, and
    /// each is acknowledged after that.
    /// </summary>
    private void WriteWithWaiting(TurnToWrite turn)
    {
        RequireOpen();
        _waiting.Enqueue(turn);
        lock (_gate)
        {
            if (!turn.IsDone)
            {
                var turns = new List<TurnToWrite>();
                while (_waiting.TryDequeue(out TurnToWrite? next))
                {
                    turns.Add(next);
                }

                Write(turns);
            }
        }

        if (turn.Error is { } error)
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }

    private void Write(List<TurnToWrite> turns)
    {
        try
        {
            if (State == OpiSessionState.Closed)
            {
                throw new SessionClosedException(Id);
            }

            _coordinator.WriteTurns(turns);
        }
        catch (Exception error) // each of those who wait gets it
        {
            turns.ForEach(turn => turn.Error ??= error);
        }
        finally
        {
            turns.ForEach(turn => turn.IsDone = true);
        }
    }

    /// <summary>The entries of the messages that every compaction keeps word for word, as they were pinned.</summary>
    public IReadOnlyList<string> PinnedEntryIds
    {
        get
        {
            lock (_gate)
            {
                return new TextList<string>([.. _coordinator.Pins]);
            }
        }
    }

    /// <summary>Changes name, model, thinking level, labels or pins. A model change is active for later turns.</summary>
    /// <exception cref="OpiException">EntryNotFound: what is to be pinned is not a message of the active conversation.</exception>
    /// <exception cref="OpiException">SessionClosed: the session was closed.</exception>
    /// <exception cref="SessionWriteException">Nothing was persisted and nothing has changed.</exception>
    public void Update(SessionUpdate update)
    {
        lock (_gate)
        {
            RequireOpen();
            _coordinator.AppendMetadata(update.Pins.Count + update.Unpins.Count > 0 ? WithNewPins(update) : update);
        }
    }

    /// <summary>The same without the pins that are there already, and without taking away those that are not.</summary>
    private SessionUpdate WithNewPins(SessionUpdate update)
    {
        SessionTree tree = _coordinator.CurrentTree;
        foreach (string id in update.Pins)
        {
            if (tree.FindContent(id) is not { Type: EntryType.Message } message || !tree.IsActive(message))
            {
                throw EntryNotFoundException.NoMessage(Id, id, tree);
            }
        }

        foreach (string id in update.Unpins.Where(id => tree.FindContent(id) is null && !_coordinator.Pins.Contains(id)))
        {
            throw EntryNotFoundException.NoEntry(Id, id, tree);
        }

        return update with
        {
            Pins = [.. update.Pins.Distinct().Where(id => !_coordinator.Pins.Contains(id))],
            Unpins = [.. update.Unpins.Distinct().Where(id => _coordinator.Pins.Contains(id) || update.Pins.Contains(id))],
        };
    }

    /// <summary>Makes an entry the tip of the conversation: the next turn hangs there.</summary>
    /// <param name="entryId">A message or a compaction.</param>
    /// <param name="summary">What happened on the branch that is left; null for nothing.</param>
    /// <exception cref="OpiException">EntryNotFound: there is no such entry in the conversation.</exception>
    /// <exception cref="OpiException">SessionClosed: the session was closed.</exception>
    /// <exception cref="SessionWriteException">Nothing was persisted and nothing has changed.</exception>
    public void SwitchBranch(string entryId, string? summary = null)
    {
        lock (_gate)
        {
            RequireOpen();
            if (_coordinator.TrySwitch(entryId, summary))
            {
                return;
            }

            SessionTree tree = _coordinator.CurrentTree;
            if (tree.FindContent(entryId) is null)
            {
                throw new EntryNotFoundException(Id, entryId, tree);
            }

            _coordinator.AppendLeaf(entryId, summary);
        }
    }

    /// <summary>The messages to send next: the newest summary, what it kept, and what came after. Reads them from the file.</summary>
    /// <exception cref="OpiException">SessionClosed: the session was closed.</exception>
    public IReadOnlyList<AgentMessage> ReadContext()
    {
        lock (_gate)
        {
            RequireOpenFile();
            return _coordinator.ReadContext();
        }
    }

    /// <summary>Closes the file and gives up the lock. Closing twice is not an error.</summary>
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
        var pricer = new UsagePricer(PricingCatalog.Recent);
        decimal total = 0;
        foreach (AssistantMessage answer in answers)
        {
            if (!answer.Usage.IsKnown || pricer.CostOf(answer) is not { IsComplete: true } cost)
            {
                return null;
            }

            total += cost.Known;
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
                stored[i] = answer with { Usage = i == last ? usage with { IsKnown = true } : new Usage(0, 0) };
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

    private void RequireOpen()
    {
        if (State == OpiSessionState.Closed)
        {
            throw new SessionClosedException(Id);
        }

        if (_summarizer.Value is { Value: true })
        {
            throw new CompactionFailedException(Id, "the summariser tried to change the session that it summarises.");
        }
    }
}
