namespace Opi;

/// <summary>What a compaction did.</summary>
/// <param name="Summary">The summary, now the first message of the context.</param>
/// <param name="Messages">The new context: the summary and the kept messages.</param>
/// <param name="Reason">Why it ran.</param>
/// <param name="Plan">Where it cut, and its figures.</param>
public sealed record CompactionOutput(
    CompactionSummaryMessage Summary, IReadOnlyList<AgentMessage> Messages, CompactionReason Reason, CompactionPlan Plan)
{
    private readonly ValueList<AgentMessage> _messages = new(Messages);

    /// <summary>The new context: the summary and the kept messages.</summary>
    public IReadOnlyList<AgentMessage> Messages { get => _messages.Items; init => _messages = new(value); }
}
