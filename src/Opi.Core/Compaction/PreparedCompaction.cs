namespace Opi;

/// <summary>
/// A compaction that lacks only its summary: where it cuts, and the messages themselves. It holds all it needs, so that the summary can be
/// made while others use the session.
/// </summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Messages">The messages of the context, oldest first.</param>
/// <param name="Split">How many of them leave.</param>
/// <param name="FirstKeptEntryId">The first entry that stays.</param>
/// <param name="KeptTokens">Estimated tokens of what stays.</param>
/// <param name="ContextTokens">Estimated tokens of all.</param>
/// <param name="OversizedEntryId">The largest entry of those that stay when they do not fit into the window; null when they do.</param>
internal sealed record PreparedCompaction(
    CompactionRequest Request,
    IReadOnlyList<AgentMessage> Messages,
    int Split,
    string FirstKeptEntryId,
    long KeptTokens,
    long ContextTokens,
    string? OversizedEntryId)
{
    /// <summary>The messages that leave.</summary>
    public IReadOnlyList<AgentMessage> Leaving => [.. Messages.Take(Split)];

    /// <summary>The plan with its summary.</summary>
    public CompactionPlan With(string summary, SummarySource source, SummaryRun run)
    {
        long after = Messages.Skip(Split).Sum(CompactionEngine.EstimateTokens);
        long before = Messages.Take(Split).Sum(CompactionEngine.EstimateTokens) + after;
        return new CompactionPlan(Split, FirstKeptEntryId, summary, source, before, after, [.. Messages.Skip(Split)])
        {
            Usage = run.Usage,
            Model = run.Model,
            ContextTokensBefore = ContextTokens,
            ContextTokensAfter = TokenMath.Add(KeptTokens, Request.Estimator.Estimate(new CompactionSummaryMessage(summary, "", 0, 0))),
            OversizedEntryId = OversizedEntryId,
        };
    }
}
