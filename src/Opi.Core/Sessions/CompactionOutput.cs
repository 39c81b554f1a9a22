namespace Opi;

/// <summary>What a compaction with a summary did.</summary>
/// <param name="Summary">The summary.</param>
/// <param name="Messages">The new context: the summary and what was kept.</param>
/// <param name="Reason">Why it ran.</param>
/// <param name="Plan">How it was cut and summarised.</param>
internal sealed record CompactionOutput(
    CompactionSummaryMessage Summary, IReadOnlyList<AgentMessage> Messages, CompactionReason Reason, CompactionPlan Plan)
{
    public OpiCompactionResult ToResult(string sessionId, IReadOnlySet<string> pins) => new(
        sessionId,
        Reason,
        Summary.Summary,
        Plan.SummarySource,
        Plan.FirstKeptEntryId,
        Plan.TokensBefore,
        Plan.TokensAfter,
        Plan.LeavingIds.Count,
        Messages.Count - 1,
        Messages)
    {
        Usage = Plan.Usage,
        ContextTokens = Plan.ContextTokensAfter,
        OversizedEntryId = Plan.OversizedEntryId,
        KeptEntryIds = Plan.KeptIds,
        PinnedEntryIds = [.. Plan.KeptIds.Where(pins.Contains)],
        RecoverableEntryIds = Plan.LeavingIds,
        DigestSections = [.. DigestText.Parse(Summary.Summary)?.Contents() ?? []],
    };
}
