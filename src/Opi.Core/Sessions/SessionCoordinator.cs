using System.Globalization;
using System.Security.Cryptography;

namespace Opi;

/// <summary>
/// The life of one session: the port of opi's session coordinator. It writes turns and compactions, keeps the context and the usage in
/// step with the file, and says when a compaction is due. Memory changes only after the disk has; what fails changes neither.
/// Not thread-safe: <see cref="OpiSession"/> is.
/// </summary>
public sealed partial class SessionCoordinator : IDisposable
{
    private const int CreateAttempts = 10;

    private readonly SessionWriter _writer;
    private readonly TimeProvider _time;
    private readonly EntrySequence _sequence;
    private readonly List<IndexedEntry> _index;
    private readonly List<int> _agentMessageIndices;
    private ContextEntries _context;
    private IndexedEntry? _tip;
    private bool _writesLeaves;
    private long? _contextTokens;
    private Usage? _spent;
    private string? _spentModel;
    private ContextMeter? _meter;
    private TurnCount _turns;
    private (int Count, SessionTree Tree)? _current;

    private SessionCoordinator(
        SessionWriter writer,
        SessionHeader header,
        List<IndexedEntry> index,
        CompactionConfig compaction,
        string? model,
        int? agentMessageCount,
        TimeProvider time)
    {
        _time = time;
        _writer = writer;
        _index = index;
        _sequence = new EntrySequence(index);
        Header = header;
        Tree = new SessionTree(index);
        SessionContext context = SessionContext.Reconstruct(Tree, ReadMessage, _sequence);
        _context = context.State;
        _agentMessageIndices = [.. Enumerable.Range(0, _context.Entries.Count)];
        _tip = Tree.ActiveTip;
        _writesLeaves = Tree.HasLeaf;
        Metadata = SessionMetadata.Read(index, Tree, ReadEntry);
        Model = model ?? SessionMetadata.ModelInForce(index, Tree);
        Compaction = new CompactionEngine(compaction.For(Model));
        Usage = context.Usage;
        _turns = context.Turns;
        Turns = index.Count(entry => entry.Role == EntryRole.User);
        CompactionWatermarkTokens = Usage.TotalTokens;
        AgentMessageCount = agentMessageCount ?? _context.Entries.Count;
    }

    /// <summary>The first line of the file.</summary>
    public SessionHeader Header { get; }

    /// <summary>The session's id.</summary>
    public string SessionId => Header.Id;

    /// <summary>The file.</summary>
    public string SessionPath => _writer.Path;

    /// <summary>The model as <c>provider:model</c>; null when not known.</summary>
    public string? Model { get; private set; }

    /// <summary>Name, labels, thinking level.</summary>
    internal SessionMetadata Metadata { get; private set; }

    /// <summary>The tokens of the active branch, and of all turns since it was opened.</summary>
    public CumulativeUsage Usage { get; private set; }

    /// <summary>The same with the turns as they are counted everywhere else: opi counts each call of <see cref="OnTurnEnd"/>.</summary>
    internal CumulativeUsage UsageOfTurns => Usage with { Turns = _turns.Turns, UnknownUsageTurns = _turns.Unknown };

    /// <summary>
    /// How many turns the file has, those of all branches, so that no number is given twice: each begins with a user's prompt.
    /// </summary>
    public int Turns { get; private set; }

    /// <summary>When a compaction is due.</summary>
    internal CompactionEngine Compaction { get; }

    /// <summary>Which entries are in force.</summary>
    internal SessionTree Tree { get; private set; }

    /// <summary>What was wrong with the file when it was opened.</summary>
    public SessionRecovery Recovery { get; private init; } = new();

    /// <summary>All entries of the file.</summary>
    internal IReadOnlyList<IndexedEntry> Index => _index;

    /// <summary>Which entries are in force now: <see cref="Tree"/> is as old as the last change of branch. Kept until something is added.</summary>
    internal SessionTree CurrentTree => _current is { } known && known.Count == _index.Count
        ? known.Tree
        : (_current = (_index.Count, new SessionTree([.. _index]))).Value.Tree;

    /// <summary>The last entry of the conversation; null before the first.</summary>
    internal IndexedEntry? Tip => _tip;

    /// <summary>The context: what the next compaction works on.</summary>
    internal IReadOnlyList<ContextEntry> CompactionEntries => _context.Entries;

    /// <summary>The ids of the entries that compactions keep word for word.</summary>
    internal IReadOnlySet<string> Pins => _context.Pins;

    /// <summary>For each of <see cref="CompactionEntries"/> its place among the agent's messages.</summary>
    public IReadOnlyList<int> AgentMessageIndices => _agentMessageIndices;

    /// <summary>How many messages the agent holds, those that are not persisted too.</summary>
    public int AgentMessageCount { get; private set; }

    /// <summary>The total of <see cref="Usage"/> at the last compaction, or when the session was opened.</summary>
    public long CompactionWatermarkTokens { get; private set; }

    /// <summary>Tokens billed since the last compaction.</summary>
    public long TokensSinceCompaction => Math.Max(0, Usage.TotalTokens - CompactionWatermarkTokens);

    /// <summary>The context's size by opi's estimate, four bytes of text a token. Reads the context from the file at the first call.</summary>
    public long ContextTokens => _contextTokens ??= _context.Entries.Sum(entry => CompactionEngine.EstimateTokens(entry.Message));

    /// <summary>
    /// The context's size: what the last answer's provider reported, and an estimate of what came after it. Reads the end of the context at
    /// the first call.
    /// </summary>
    internal ContextSize ContextSize => Meter.Size;

    /// <summary>What the trigger looks at: the tokens billed since the last compaction, or with a window the size of the context.</summary>
    public long TriggerTokens => Compaction.Config.ContextWindow is null ? TokensSinceCompaction : ContextSize.Tokens;

    /// <summary>Why a compaction is due now; null when none is.</summary>
    public CompactionReason? DueReason =>
        Compaction.Config is { Enabled: true, ContextWindow: { } window } && Meter.Overflowed(window) ? CompactionReason.Overflow
            : Compaction.ShouldCompact(TriggerTokens, CompactionReason.Threshold) ? CompactionReason.Threshold
            : null;

    private ContextMeter Meter => _meter ??= ContextMeter.Of(_context.Entries, TokenEstimator.Default);

    /// <summary>Creates a session in a folder, which is made where it is missing. Its file has the header when this returns.</summary>
    /// <exception cref="SessionWriteException">The file cannot be created.</exception>
    /// <exception cref="ContextWindowException">The window to compact by is not known.</exception>
    public static SessionCoordinator Create(
        string folder,
        string workingDirectory,
        CompactionConfig compaction,
        string? model,
        Durability durability = Durability.Flush,
        int formatVersion = SessionHeader.DefaultVersion,
        bool withoutLocks = false,
        TimeProvider? timeProvider = null)
    {
        timeProvider ??= TimeProvider.System;
        compaction = compaction.For(model); // before there is a file
        try
        {
            OpiFolders.Create(folder);
            for (int attempt = 1; ; attempt++)
            {
                string id = NewSessionId(timeProvider);
                var header = new SessionHeader(id, WireTime.Format(timeProvider.GetUtcNow()), workingDirectory, ParentSession: null)
                {
                    Version = formatVersion,
                    RuntimeInputBinding = formatVersion == 1 ? null : RuntimeInputBinding.Create(id, workingDirectory, model),
                };
                string path = Path.Combine(folder, header.Id + SessionStore.Extension);
                try
                {
                    return new SessionCoordinator(
                        SessionWriter.Create(path, header, durability, withoutLocks, timeProvider), header, [], compaction, model, 0, timeProvider);
                }
                catch (Exception error) when (error is IOException or SessionLockedException && File.Exists(path) && attempt < CreateAttempts)
                {
                    // Another process took the same id at the same moment; the next one is another.
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw SessionWriteException.NotCreated(folder, error);
        }
    }

    /// <summary>Opens a session for appending, and mends the end of its file where a write was cut off.</summary>
    /// <param name="path">The file.</param>
    /// <param name="compaction">When to compact.</param>
    /// <param name="model">The model as <c>provider:model</c>; null for that of the last answer.</param>
    /// <param name="durability">When a write counts as done.</param>
    /// <param name="priorAgentMessageCount">How many messages the agent holds already; null for those of the context.</param>
    /// <param name="lockTimeout">How long to wait while somebody else has it open.</param>
    /// <param name="withoutLocks">Whether a file system without locks is accepted.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <param name="cancellationToken">Stops the waiting and the reading.</param>
    /// <exception cref="SessionNotFoundException">There is no such file.</exception>
    /// <exception cref="SessionLockedException">Somebody else has it open.</exception>
    /// <exception cref="InvalidSessionFileException">It is no session file.</exception>
    /// <exception cref="SessionWriteException">It cannot be written to.</exception>
    /// <exception cref="ContextWindowException">The window to compact by is not known.</exception>
    public static SessionCoordinator OpenExisting(
        string path,
        CompactionConfig compaction,
        string? model = null,
        Durability durability = Durability.Flush,
        int? priorAgentMessageCount = null,
        TimeSpan lockTimeout = default,
        bool withoutLocks = false,
        TimeProvider? timeProvider = null,
        CancellationToken cancellationToken = default)
    {
        timeProvider ??= TimeProvider.System;
        (SessionWriter writer, SessionIndex index) = SessionWriter.Open(
            path, durability, lockTimeout, withoutLocks, timeProvider, cancellationToken);
        try
        {
            return new SessionCoordinator(
                writer, index.Header, index.Entries, compaction, model, priorAgentMessageCount, timeProvider) { Recovery = index.Recovery };
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Persists the new messages of a turn, all or none.</summary>
    /// <param name="messages">What the turn added, in order. Only a <see cref="Message"/> is persisted; the others are counted.</param>
    /// <param name="usage">The turn's tokens.</param>
    /// <param name="turnStartAgentIndex">The place of the first message among the agent's messages.</param>
    /// <returns>Why a compaction is due now; null when none is.</returns>
    /// <exception cref="SessionWriteException">Nothing was persisted and nothing has changed.</exception>
    public CompactionReason? OnTurnEnd(IReadOnlyList<AgentMessage> messages, Usage usage, int turnStartAgentIndex)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(usage);
        string timestamp = WireTime.Format(_time.GetUtcNow());
        UInt128 mark = _sequence.Mark();
        var batch = new List<SessionEntry>(messages.Count + 1);
        var indices = new List<int>(messages.Count);
        string? parent = _tip?.Id;
        for (int i = 0; i < messages.Count; i++)
        {
            if (messages[i] is Message message)
            {
                batch.Add(new MessageEntry(_sequence.Next("msg"), parent, timestamp, message));
                indices.Add(turnStartAgentIndex + i);
                parent = batch[^1].Id;
            }
        }

        IReadOnlyList<IndexedEntry> written = Append(batch, timestamp, mark);
        for (int i = 0; i < indices.Count; i++)
        {
            _context.Take(written[i]);
            _agentMessageIndices.Add(indices[i]);
            AgentMessage added = ((MessageEntry)batch[i]).Message;
            _contextTokens += CompactionEngine.EstimateTokens(added);
            _meter?.Add(added);
            _turns.Add(written[i].Role, written[i].Usage);
        }

        FollowRepeatedIds();
        bool unknown = messages.OfType<AssistantMessage>().Any(answer => !answer.Usage.IsKnown);
        Usage = Usage.Accumulate(usage, unknown);
        AgentMessageCount = turnStartAgentIndex + messages.Count;
        return DueReason;
    }

    /// <summary>As <see cref="OnTurnEnd"/> behind the messages so far, and compacts at once where that is due.</summary>
    public CompactionOutput? OnTurnEndSimple(IReadOnlyList<AgentMessage> messages, Usage usage) =>
        OnTurnEnd(messages, usage, AgentMessageCount) is { } reason ? ExecuteCompaction(reason) : null;

    /// <summary>
    /// Makes an entry the tip of the active branch: the next turn hangs there. From then on every turn and compaction writes a leaf.
    /// An id that is no entry of the conversation is written too, as opi does, and then has no effect.
    /// </summary>
    /// <exception cref="SessionWriteException">Nothing was persisted and nothing has changed.</exception>
    /// <param name="entryId">The entry.</param>
    /// <param name="summary">What happened on the branch that is left; null for nothing. It stands behind the entry in the context.</param>
    public void AppendLeaf(string entryId, string? summary = null)
    {
        string timestamp = WireTime.Format(_time.GetUtcNow());
        UInt128 mark = _sequence.Mark();
        var batch = new List<SessionEntry>(2);
        if (summary is not null)
        {
            batch.Add(new BranchSummaryEntry(_sequence.Next("bs"), entryId, timestamp, summary));
        }

        batch.Add(new LeafEntry(_sequence.Next("leaf"), entryId, timestamp, entryId));
        Write(batch, mark);
        Tree = new SessionTree(_index);
        _writesLeaves = Tree.HasLeaf;
        Metadata = SessionMetadata.Read(_index, Tree, ReadEntry);
        _tip = Tree.ActiveTip;
        if (Tree.FindContent(entryId) is not null)
        {
            RebuildContext();
        }
    }

    /// <summary>Writes metadata. It belongs to the branch in force and is no part of the conversation: no leaf, and the tip stays.</summary>
    /// <exception cref="SessionWriteException">Nothing was persisted and nothing has changed.</exception>
    public void AppendMetadata(SessionUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        UInt128 mark = _sequence.Mark();
        List<SessionEntry> batch = [.. update.ToEntries(_sequence, _tip?.Id, WireTime.Format(_time.GetUtcNow()))];
        if (batch.Count == 0)
        {
            return;
        }

        IReadOnlyList<IndexedEntry> written = Write(batch, mark);
        Metadata = Metadata.With(batch);
        Model = update.Model ?? Model;
        TakeBeside([.. written.Where(entry => entry.Type == EntryType.Pin)]);
    }

    /// <summary>
    /// The cost by the seed's rule: all tokens at the price of the session's model; null when it has no price. opi counts so. The
    /// cost of an <see cref="OpiCost"/> is the better figure: it prices each answer at its own model.
    /// </summary>
    public CostBreakdown? CostSummary() => SeedPricing.Default.Find(Model)?.CostOf(Usage.AsUsage());

    /// <summary>The context's messages, oldest first. Reads them from the file.</summary>
    public IReadOnlyList<AgentMessage> ReadContext() => [.. _context.Entries.Select(entry => entry.Message)];

    /// <summary>Reads an entry's content.</summary>
    internal SessionEntry ReadEntry(IndexedEntry entry) => _writer.Read(entry);

    /// <summary>Closes the file and gives up the lock.</summary>
    public void Dispose() => _writer.Dispose();

    internal static string NewSessionId(TimeProvider time) => string.Create(
        CultureInfo.InvariantCulture,
        $"{time.GetUtcNow().ToUnixTimeMilliseconds():x}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");

    private AgentMessage ReadMessage(IndexedEntry entry) => SessionReader.MessageOf(_writer.Read(entry));

    /// <summary>Writes entries of the conversation, with a leaf behind them where the session has branches, and moves the tip.</summary>
    private IReadOnlyList<IndexedEntry> Append(List<SessionEntry> batch, string timestamp, UInt128 mark)
    {
        if (batch.Count == 0)
        {
            return [];
        }

        string tip = batch[^1].Id;
        int content = batch.Count;
        if (_writesLeaves)
        {
            batch.Add(new LeafEntry(_sequence.Next("leaf"), tip, timestamp, tip));
        }

        IReadOnlyList<IndexedEntry> written = Write(batch, mark);
        _tip = written[content - 1];
        return written;
    }

    private IReadOnlyList<IndexedEntry> Write(List<SessionEntry> batch, UInt128 mark)
    {
        try
        {
            IReadOnlyList<IndexedEntry> written = _writer.Append(batch);
            _index.AddRange(written);
            Turns += written.Count(entry => entry.Role == EntryRole.User);
            return written;
        }
        catch
        {
            _sequence.Reset(mark);
            throw;
        }
    }

    /// <summary>
    /// Where ids stand twice, what was written may hang on another entry than the one that was meant. Then the context is that of a reader.
    /// </summary>
    private void FollowRepeatedIds()
    {
        if (!Tree.HasRepeatedIds)
        {
            return;
        }

        Tree = new SessionTree(_index);
        _tip = Tree.ActiveTip;
        IEnumerable<IndexedEntry> read = SessionContext.Reconstruct(Tree, ReadMessage, new EntrySequence()).Sources;
        if (!read.SequenceEqual(_context.Sources) || _context.IsChangedBeside)
        {
            RebuildContext();
        }
    }

    private void RebuildContext()
    {
        _context = SessionContext.Reconstruct(Tree, ReadMessage, _sequence).State;
        RenumberAgentMessages();
    }

    private void RenumberAgentMessages()
    {
        _agentMessageIndices.Clear();
        _agentMessageIndices.AddRange(Enumerable.Range(0, _context.Entries.Count));
        AgentMessageCount = _context.Entries.Count;
        _contextTokens = null;
        _meter = null;
    }
}
