namespace Opi;

/// <summary>
/// A compaction that lacks only its summary: where it cuts, and the messages themselves, or what reads them from a file of its own where they are
/// large. So the summary can be made while others use the session.
/// </summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Leaving">The messages that leave, oldest first.</param>
/// <param name="Kept">The messages that stay: what pins hold, and what is behind the cut.</param>
/// <param name="LeavingIds">The entries of those that leave.</param>
/// <param name="KeptIds">The entries of the messages that stay.</param>
/// <param name="Split">How many messages are before the cut.</param>
/// <param name="FirstKeptEntryId">The first entry behind the cut.</param>
/// <param name="KeptTokens">Estimated tokens of what stays.</param>
/// <param name="ContextTokens">Estimated tokens of all.</param>
/// <param name="OversizedEntryId">The largest entry of those that stay when they do not fit into the window; null when they do.</param>
internal sealed record PreparedCompaction(
    CompactionRequest Request,
    IReadOnlyList<AgentMessage> Leaving,
    IReadOnlyList<AgentMessage> Kept,
    IReadOnlyList<string> LeavingIds,
    IReadOnlyList<string> KeptIds,
    int Split,
    string FirstKeptEntryId,
    long KeptTokens,
    long ContextTokens,
    string? OversizedEntryId)
{
    /// <summary>Estimated tokens of what leaves, by opi's rule.</summary>
    public required long LeavingCoreTokens { get; init; }

    /// <summary>Estimated tokens of what stays, by opi's rule.</summary>
    public required long KeptCoreTokens { get; init; }

    public CompactionPlan With(string summary, SummarySource source, SummaryRun run) =>
        new(Split, FirstKeptEntryId, summary, source, LeavingCoreTokens + KeptCoreTokens, KeptCoreTokens, Kept)
        {
            Usage = run.Usage,
            Model = run.Model,
            ContextTokensBefore = ContextTokens,
            ContextTokensAfter = TokenMath.Add(KeptTokens, Request.Estimator.Estimate(new CompactionSummaryMessage(summary, "", 0, 0))),
            OversizedEntryId = OversizedEntryId,
            LeavingIds = LeavingIds,
            KeptIds = KeptIds,
        };
}
