namespace Opi;

/// <summary>A turn as it was persisted.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Turn">
/// The number of the turn that its last message belongs to, from 1, as in the costs by turn: a turn begins with a user's prompt, and answers
/// and results that are added later belong to it. 0 before the first prompt.
/// </param>
/// <param name="EntryIds">The entries of its messages.</param>
/// <param name="InputTokens">Uncached input tokens.</param>
/// <param name="OutputTokens">Output tokens.</param>
/// <param name="CacheReadTokens">Tokens read from the cache.</param>
/// <param name="CacheWriteTokens">Tokens written to the cache.</param>
/// <param name="TotalTokens">All tokens.</param>
/// <param name="Cost">What it cost in USD; null when a model has no price, a usage is not known, or there is no answer.</param>
/// <param name="CompactionReason">Why a compaction is due now; null when none is.</param>
public sealed record OpiTurn(
    string SessionId,
    int Turn,
    IReadOnlyList<string> EntryIds,
    long InputTokens,
    long OutputTokens,
    long CacheReadTokens,
    long CacheWriteTokens,
    long TotalTokens,
    decimal? Cost,
    CompactionReason? CompactionReason)
{
    private readonly ValueList<string> _entryIds = new(new TextList<string>(EntryIds));
    private readonly ValueList<OpiCompactionResult> _compactions = new(new TextList<OpiCompactionResult>([]));

    /// <summary>The entries of its messages. As text they are one line, so that a CSV file has their ids.</summary>
    public IReadOnlyList<string> EntryIds { get => _entryIds.Items; init => _entryIds = new(value); }

    /// <summary>The text of the last answer; null without one.</summary>
    public string? Text { get; init; }

    /// <summary>Why the model stopped, of the last answer; null without one.</summary>
    public StopReason? StopReason { get; init; }

    /// <summary>What went wrong, in the provider's words: of an answer that failed or was refused; null otherwise.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>How many requests were answered. Of a turn that was added and not run, how many answers it has.</summary>
    public int Rounds { get; init; }

    /// <summary>How many results of tools were recorded.</summary>
    public int ToolCalls { get; init; }

    /// <summary>How many times a request was sent again because it had failed. 0 for a turn that was added and not run.</summary>
    public int Retries { get; init; }

    /// <summary>The compactions that were made, oldest first.</summary>
    public IReadOnlyList<OpiCompactionResult> Compactions
    {
        get => _compactions.Items;
        init => _compactions = new(new TextList<OpiCompactionResult>(value));
    }

    /// <summary>The compaction that was run at once; null when there was none.</summary>
    public OpiCompactionResult? Compaction { get; init; }

    /// <summary>Why the compaction that was run at once failed; the turn itself is persisted. Null when it did not.</summary>
    public OpiException? CompactionError { get; init; }
}
