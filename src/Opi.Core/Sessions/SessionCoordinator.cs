using System.Collections.Frozen;
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
    private IndexedEntry? _tip;
    private bool _writesLeaves;
    private long? _contextTokens;
    private Usage? _spent;
    private string? _spentModel;
    private ContextMeter? _meter;
    private TurnCount _turns;

    private SessionCoordinator(OpenedSession opened, OpiCompactionPolicy compaction, string? model, int? agentMessageCount, TimeProvider time)
    {
        _time = time;
        _writer = opened.Writer;
        Header = opened.Header;
        int context;
        if (opened.Facts is { } facts)
        {
            _facts = facts;
            _opened = new OpenedState(facts.Entries, facts.Tip?.Offset, facts.Sequence.Mark());
            _sequence = new EntrySequence(facts.Sequence.Mark() + (uint)facts.Summaries);
            (_tip, _writesLeaves, Metadata, EntryCount, Turns) = (facts.Tip, facts.HasLeaf, facts.Metadata, facts.Entries, facts.Turns);
            (_turns, context) = (facts.TurnsInForce, facts.ContextCount!.Value);
            Usage = facts.Tokens with { Turns = _turns.Turns, UnknownUsageTurns = _turns.Unknown };
            Model = model ?? facts.Model;
        }
        else
        {
            SessionIndex index = opened.Index!;
            _sequence = new EntrySequence(index.Entries);
            var ids = new EntrySequence(_sequence.Mark());
            var tree = new SessionTree(index.Entries);
            SessionContext read = SessionContext.Reconstruct(tree, ReadMessage, _sequence);
            _content = new SessionContent(index.Entries, tree, read);
            Metadata = SessionMetadata.Read(index.Entries, tree, ReadEntry);
            Recovery = index.Recovery;
            _facts = SessionFacts.Of(index, tree, read, Metadata, ids, withBranches: false);
            (_tip, _writesLeaves, EntryCount) = (tree.ActiveTip, tree.HasLeaf, index.Entries.Count);
            (_turns, context, Usage) = (read.Turns, read.Entries.Count, read.Usage);
            Turns = _facts?.Turns ?? index.Entries.Count(entry => entry.Role == EntryRole.User);
            Model = model ?? (_facts is null ? SessionMetadata.ActiveModel(index.Entries, tree) : _facts.Model);
        }

        Compaction = new CompactionEngine(compaction.For(Model));
        CompactionWatermarkTokens = Usage.TotalTokens;
        AgentMessageCount = agentMessageCount ?? context;
        _writer.FactsAtClose = FactsToKeep;
    }

    internal SessionHeader Header { get; }

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
    /// How many turns the file has, over all branches, so that no number is given twice: each begins with a user's prompt.
    /// </summary>
    public int Turns { get; private set; }

    internal CompactionEngine Compaction { get; }

    /// <summary>What was worked around when the file was opened, or at the last change of branch.</summary>
    internal IReadOnlyList<TreeWarning> Warnings => _content?.Tree.Warnings ?? [];

    /// <summary>What was wrong with the file when it was opened.</summary>
    public SessionRecovery Recovery { get; } = new();

    internal int EntryCount { get; private set; }

    internal IReadOnlyList<IndexedEntry> Index => Content.Index;

    /// <summary>Which entries are active now.</summary>
    internal SessionTree CurrentTree => Content.CurrentTree;

    /// <summary>Which entries were active at the last change of branch.</summary>
    internal SessionTree Tree => Content.Tree;

    internal IndexedEntry? Tip => _tip;

    /// <summary>The context: what the next compaction works on.</summary>
    internal IReadOnlyList<ContextEntry> CompactionEntries => Content.Context.Entries;

    /// <summary>The ids of the entries that compactions keep word for word. A session with pins has no index.</summary>
    internal IReadOnlySet<string> Pins => _content?.Context.Pins ?? FrozenSet<string>.Empty;

    /// <summary>For each of <see cref="CompactionEntries"/> its place among the agent's messages.</summary>
    public IReadOnlyList<int> AgentMessageIndices => Content.AgentMessageIndices;

    /// <summary>How many messages the agent holds, those that are not persisted too.</summary>
    public int AgentMessageCount { get; private set; }

    /// <summary>The total of <see cref="Usage"/> at the last compaction, or when the session was opened.</summary>
    public long CompactionWatermarkTokens { get; private set; }

    /// <summary>Tokens billed since the last compaction.</summary>
    public long TokensSinceCompaction => Math.Max(0, Usage.TotalTokens - CompactionWatermarkTokens);

    /// <summary>The context's size by opi's estimate, four bytes of text a token. Reads the context from the file at the first call.</summary>
    public long ContextTokens => _contextTokens ??= Content.Context.Entries.Sum(entry => CompactionEngine.EstimateTokens(entry.Message));

    /// <summary>
    /// The context's size: what the last answer's provider reported, and an estimate of what came after it. Reads the end of the context at
    /// the first call.
    /// </summary>
    internal ContextSize ContextSize => Meter.Size;

    /// <summary>What the trigger looks at: the tokens billed since the last compaction, or with a window the size of the context.</summary>
    public long TriggerTokens => Compaction.Policy.ContextWindow is null ? TokensSinceCompaction : ContextSize.Tokens;

    /// <summary>Why a compaction is due now; null when none is.</summary>
    public CompactionReason? DueReason =>
        Compaction.Policy is { NoCompaction: false, ContextWindow: { } window } && Meter.Overflowed(window) ? CompactionReason.Overflow
            : Compaction.ShouldCompact(TriggerTokens, CompactionReason.Threshold) ? CompactionReason.Threshold
            : null;

    private ContextMeter Meter => _meter ??= ContextMeter.Of(EndOfContext(ContextMeter.CountsAsReport), TokenEstimator.Default);

    /// <summary>Creates a session in a folder, which is made where it is missing. Its file has the header when this returns.</summary>
    /// <exception cref="SessionWriteException">The file cannot be created.</exception>
    /// <exception cref="OpiException">ContextWindowUnknown: the window to compact by is not known.</exception>
    public static SessionCoordinator Create(
        string folder,
        string workingDirectory,
        OpiCompactionPolicy compaction,
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
                    SessionWriter writer = SessionWriter.Create(path, header, durability, withoutLocks, timeProvider);
                    var index = new SessionIndex(header, [], new SessionRecovery(), writer.Length, writer.Lines);
                    return new SessionCoordinator(new OpenedSession(writer, header, index, null), compaction, model, 0, timeProvider);
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
    /// <param name="model">The model as <c>provider:model</c>; null for the model of the last answer.</param>
    /// <param name="durability">When a write counts as done.</param>
    /// <param name="priorAgentMessageCount">How many messages the agent holds already; null for the context's.</param>
    /// <param name="lockTimeout">How long to wait while another writer has it open.</param>
    /// <param name="withoutLocks">Whether a file system without locks is accepted.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <param name="cancellationToken">Stops the waiting and the reading.</param>
    /// <exception cref="SessionNotFoundException">There is no such file.</exception>
    /// <exception cref="SessionLockedException">Another writer has it open.</exception>
    /// <exception cref="InvalidSessionFileException">It is not a session file.</exception>
    /// <exception cref="SessionWriteException">It cannot be written to.</exception>
    /// <exception cref="OpiException">ContextWindowUnknown: the window to compact by is not known.</exception>
    public static SessionCoordinator OpenExisting(
        string path,
        OpiCompactionPolicy compaction,
        string? model = null,
        Durability durability = Durability.Flush,
        int? priorAgentMessageCount = null,
        TimeSpan lockTimeout = default,
        bool withoutLocks = false,
        TimeProvider? timeProvider = null,
        CancellationToken cancellationToken = default)
    {
        timeProvider ??= TimeProvider.System;
        OpenedSession opened = SessionWriter.Open(path, durability, lockTimeout, withoutLocks, timeProvider, cancellationToken);
        try
        {
            return new SessionCoordinator(opened, compaction, model, priorAgentMessageCount, timeProvider);
        }
        catch
        {
            opened.Writer.Dispose();
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
        var turn = new TurnToWrite(messages, usage, turnStartAgentIndex);
        WriteTurns([turn]);
        return turn.Error is null ? turn.DueReason : throw turn.Error;
    }

    /// <summary>As <see cref="OnTurnEnd"/> behind the messages so far, and compacts at once where that is due.</summary>
    public OpiCompactionResult? OnTurnEndSimple(IReadOnlyList<AgentMessage> messages, Usage usage) =>
        OnTurnEnd(messages, usage, AgentMessageCount) is { } reason ? ExecuteCompaction(reason) : null;

    /// <summary>
    /// Makes an entry the tip of the active branch: the next turn hangs there. From then on every turn and compaction writes a leaf.
    /// An id that is not an entry of the conversation is written too, as opi does, and then has no effect.
    /// </summary>
    /// <exception cref="SessionWriteException">Nothing was persisted and nothing has changed.</exception>
    /// <param name="entryId">The entry.</param>
    /// <param name="summary">What happened on the branch that is left; null for nothing. It comes after the entry in the context.</param>
    public void AppendLeaf(string entryId, string? summary = null)
    {
        if (TrySwitch(entryId, summary))
        {
            return;
        }

        UInt128 mark = _sequence.Mark();
        List<SessionEntry> batch = ComposeSwitch(entryId, summary);
        SessionContent content = Content;
        Write(batch, mark);
        content.Tree = new SessionTree(content.Index);
        _writesLeaves = Tree.HasLeaf;
        Metadata = SessionMetadata.Read(content.Index, Tree, ReadEntry);
        _tip = Tree.ActiveTip;
        if (Tree.FindContent(entryId) is not null)
        {
            RebuildContext();
        }
    }

    private List<SessionEntry> ComposeSwitch(string entryId, string? summary)
    {
        string timestamp = WireTime.Format(_time.GetUtcNow());
        var batch = new List<SessionEntry>(2);
        if (summary is not null)
        {
            batch.Add(new BranchSummaryEntry(_sequence.Next("bs"), entryId, timestamp, summary));
        }

        batch.Add(new LeafEntry(_sequence.Next("leaf"), entryId, timestamp, entryId));
        return batch;
    }

    /// <summary>Writes metadata. It belongs to the active branch and is not part of the conversation: no leaf, and the tip stays.</summary>
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
        KeepOpenIndex();
    }

    /// <summary>
    /// The cost by the seed's rule: all tokens at the price of the session's model; null when it has no price. opi counts so. The
    /// cost of an <see cref="OpiCost"/> is the better figure: it prices each answer at its own model.
    /// </summary>
    public CostBreakdown? CostSummary() => SeedPricing.Default.Find(Model)?.CostOf(Usage.AsUsage());

    /// <summary>The context's messages, oldest first. Reads them from the file.</summary>
    public IReadOnlyList<AgentMessage> ReadContext() => [.. Content.Context.Entries.Select(entry => entry.Message)];

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
        IReadOnlyList<IndexedEntry> written = WriteOnly(batch, mark);
        Note(written);
        return written;
    }

    /// <summary>Writes entries without noting them in memory. If that fails, their ids are given again.</summary>
    private IReadOnlyList<IndexedEntry> WriteOnly(List<SessionEntry> batch, UInt128 mark)
    {
        try
        {
            return _writer.Append(batch);
        }
        catch
        {
            _sequence.Reset(mark);
            throw;
        }
    }

    /// <summary>
    /// If ids are used twice, a new entry's parent may be the wrong entry. Then the context is read from the file.
    /// </summary>
    private void FollowRepeatedIds()
    {
        if (!HasRepeatedIds)
        {
            return;
        }

        Content.Tree = new SessionTree(Content.Index);
        _tip = Tree.ActiveTip;
        IEnumerable<IndexedEntry> read = SessionContext.Reconstruct(Tree, ReadMessage, new EntrySequence()).Sources;
        if (!read.SequenceEqual(Content.Context.Sources) || Content.Context.IsChangedBeside)
        {
            RebuildContext();
        }
    }

    private void RebuildContext()
    {
        Content.Context = SessionContext.Reconstruct(Tree, ReadMessage, _sequence).State;
        RenumberAgentMessages();
    }

    private void RenumberAgentMessages()
    {
        Content.AgentMessageIndices.Clear();
        Content.AgentMessageIndices.AddRange(Enumerable.Range(0, Content.Context.Entries.Count));
        AgentMessageCount = Content.Context.Entries.Count;
        _contextTokens = null;
        _meter = null;
    }
}
