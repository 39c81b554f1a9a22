namespace Opi;

/// <summary>Adds up what a turn recorded.</summary>
internal sealed class TurnTally
{
    private readonly List<string> _entries = [];
    private readonly List<OpiCompactionResult> _compactions = [];
    private OpiTurn? _last;
    private AssistantMessage? _answer;
    private OpiException? _compactionError;
    private Usage _usage = Usage.Unknown;
    private decimal? _cost;
    private int _priced;
    private int _billed;

    /// <summary>How many requests were answered.</summary>
    public int Rounds { get; set; }

    public int Retries { get; set; }

    public int ToolCalls { get; set; }

    /// <summary>Adds what was persisted at once.</summary>
    public void Add(OpiTurn persisted, IReadOnlyList<Message> messages)
    {
        _last = persisted;
        _entries.AddRange(persisted.EntryIds);
        _answer = messages.OfType<AssistantMessage>().LastOrDefault() ?? _answer;

        if (messages.Any(message => message is AssistantMessage))
        {
            _usage += new Usage(persisted.InputTokens, persisted.OutputTokens, persisted.CacheReadTokens, persisted.CacheWriteTokens);
            _billed++;
            _priced += persisted.Cost is null ? 0 : 1;
            _cost = (_cost ?? 0) + (persisted.Cost ?? 0);
        }

        _compactionError = persisted.CompactionError ?? _compactionError;
        if (persisted.Compaction is { } compaction)
        {
            Add(compaction);
        }
    }

    public void Add(OpiCompactionResult compaction) => _compactions.Add(compaction);

    /// <summary>The turn so far.</summary>
    /// <param name="session">The session.</param>
    /// <param name="answer">The last answer where this call recorded none; null for none.</param>
    public OpiTurn ToTurn(OpiSession session, AssistantMessage? answer)
    {
        AssistantMessage? last = _answer ?? answer;
        return new OpiTurn(
            session.Id,
            _last?.Turn ?? session.Turns,
            _entries,
            _usage.InputTokens,
            _usage.OutputTokens,
            _usage.CacheReadTokens,
            _usage.CacheWriteTokens,
            _usage.TotalTokens,
            _billed > 0 && _priced == _billed ? _cost : null,
            _last?.CompactionReason)
        {
            Text = last?.Text,
            StopReason = last?.StopReason,
            ErrorMessage = last?.ErrorMessage,
            Rounds = Rounds,
            ToolCalls = ToolCalls,
            Retries = Retries,
            Compactions = _compactions,
            Compaction = _compactions.LastOrDefault(),
            CompactionError = _compactionError,
        };
    }
}
