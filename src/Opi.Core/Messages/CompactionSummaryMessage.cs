namespace Opi;

/// <summary>What was said before the kept messages, in short. Takes the first place of a compacted context.</summary>
/// <param name="Summary">The summary.</param>
/// <param name="FirstKeptEntryId">Id of the first entry that the compaction kept.</param>
/// <param name="TokensBefore">Estimated tokens of the context before.</param>
/// <param name="TokensAfter">Estimated tokens of the kept messages, without the summary.</param>
public sealed record CompactionSummaryMessage(string Summary, string FirstKeptEntryId, long TokensBefore, long TokensAfter) : AgentMessage
{
    /// <inheritdoc/>
    public override string Role => "compaction_summary";

    /// <inheritdoc/>
    public override string Text => Summary;
}
