namespace Opi;

/// <summary>What a compaction of a <see cref="SessionCoordinator"/> did.</summary>
public sealed record CompactionOutput
{
    private readonly ValueList<AgentMessage> _messages;

    internal CompactionOutput(
        CompactionSummaryMessage summary, IReadOnlyList<AgentMessage> messages, CompactionReason reason, CompactionPlan plan)
    {
        Summary = summary;
        _messages = new(messages);
        Reason = reason;
        Plan = plan;
    }

    /// <summary>The summary.</summary>
    public CompactionSummaryMessage Summary { get; }

    /// <summary>The new context, as the agent is to have it: the summary and what was kept.</summary>
    public IReadOnlyList<AgentMessage> Messages => _messages.Items;

    /// <summary>Why it ran.</summary>
    public CompactionReason Reason { get; }

    /// <summary>How it was cut and summarised.</summary>
    internal CompactionPlan Plan { get; }
}
