namespace Opi;

/// <summary>What a compaction would do.</summary>
/// <param name="Split">How many entries are before the cut; all of them leave except pinned ones.</param>
/// <param name="FirstKeptEntryId">The first entry behind the cut.</param>
/// <param name="Summary">The summary of those that leave.</param>
/// <param name="SummarySource">Where it came from.</param>
/// <param name="TokensBefore">Estimated tokens of all entries.</param>
/// <param name="TokensAfter">Estimated tokens of those that stay, without the summary.</param>
/// <param name="KeptMessages">The messages that stay.</param>
internal sealed record CompactionPlan(
    int Split,
    string FirstKeptEntryId,
    string Summary,
    SummarySource SummarySource,
    long TokensBefore,
    long TokensAfter,
    IReadOnlyList<AgentMessage> KeptMessages)
{
    private readonly ValueList<AgentMessage> _keptMessages = new(KeptMessages);

    public IReadOnlyList<AgentMessage> KeptMessages { get => _keptMessages.Items; init => _keptMessages = new(value); }

    /// <summary>What the summary cost; null when nothing, or when it was not reported.</summary>
    public Usage? Usage { get; init; }

    /// <summary>The model that made it; null for the session's.</summary>
    public string? Model { get; init; }

    /// <summary>Estimated tokens of the context before, by the estimator that the cut was found with.</summary>
    public long ContextTokensBefore { get; init; }

    /// <summary>The same of the context after, with the summary.</summary>
    public long ContextTokensAfter { get; init; }

    /// <summary>The entries of the messages that leave, oldest first; for an earlier summary, the entry of its compaction.</summary>
    public IReadOnlyList<string> LeavingIds { get; init; } = [];

    /// <summary>The entries of the messages that stay, oldest first.</summary>
    public IReadOnlyList<string> KeptIds { get; init; } = [];

    /// <summary>The largest entry of those that stay when they do not fit into the window; null when they do.</summary>
    public string? OversizedEntryId { get; init; }
}
