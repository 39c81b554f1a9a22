namespace Opi;

/// <summary>
/// One message of an agent's context: a message to or from a model (<see cref="Message"/>), or what stands in for messages that are no
/// longer there (<see cref="CompactionSummaryMessage"/>, <see cref="BranchSummaryMessage"/>, <see cref="CustomMessage"/>).
/// Only a <see cref="Message"/> is persisted as it is.
/// </summary>
public abstract record AgentMessage
{
    private protected AgentMessage()
    {
    }

    /// <summary>Who speaks: user, assistant, tool_result, compaction_summary, branch_summary, custom.</summary>
    public abstract string Role { get; }

    /// <summary>
    /// The readable text, by opi's rule: text blocks, and <c>[image: image/png]</c> for an image, joined by one space. Thinking and tool
    /// calls add nothing. Summaries and token estimates are made from it.
    /// </summary>
    public abstract string Text { get; }
}

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

/// <summary>What happened on a branch that was left.</summary>
/// <param name="ParentSessionId">The session of the branch; empty for the same session.</param>
/// <param name="Summary">The summary.</param>
/// <param name="EntryCount">How many entries it stands for; 0 when not known.</param>
public sealed record BranchSummaryMessage(string ParentSessionId, string Summary, long EntryCount) : AgentMessage
{
    /// <inheritdoc/>
    public override string Role => "branch_summary";

    /// <inheritdoc/>
    public override string Text => Summary;
}

/// <summary>A message of an application's own, kept in memory only.</summary>
/// <param name="Kind">The application's name for it.</param>
/// <param name="Data">Its content, any JSON.</param>
/// <param name="IncludeInLlmContext">Whether a model should see it.</param>
public sealed record CustomMessage(string Kind, System.Text.Json.JsonElement Data, bool IncludeInLlmContext) : AgentMessage
{
    /// <inheritdoc/>
    public override string Role => "custom";

    /// <inheritdoc/>
    public override string Text => SerdeJson.ToText(Data);
}
