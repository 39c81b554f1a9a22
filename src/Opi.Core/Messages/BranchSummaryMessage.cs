namespace Opi;

/// <summary>What happened on a branch that was left.</summary>
/// <param name="ParentSessionId">The session of the branch; empty for the same session.</param>
/// <param name="Summary">The summary.</param>
/// <param name="EntryCount">How many entries it summarises; 0 when not known.</param>
public sealed record BranchSummaryMessage(string ParentSessionId, string Summary, long EntryCount) : AgentMessage
{
    /// <inheritdoc/>
    public override string Role => "branch_summary";

    /// <inheritdoc/>
    public override string Text => Summary;
}
