namespace Opi;

/// <summary>
/// One message of an agent's context: a message to or from a model (<see cref="Message"/>), or a summary of messages that are no
/// longer there (<see cref="CompactionSummaryMessage"/>, <see cref="BranchSummaryMessage"/>, <see cref="CustomMessage"/>).
/// Only a <see cref="Message"/> is persisted as it is.
/// </summary>
public abstract record AgentMessage
{
    private protected AgentMessage()
    {
    }

    /// <summary>Who speaks: user, system, assistant, tool_result, compaction_summary, branch_summary, custom.</summary>
    public abstract string Role { get; }

    /// <summary>
    /// The readable text, by opi's rule: text blocks, and <c>[image: image/png]</c> for an image, joined by one space. Thinking and tool
    /// calls add nothing. Summaries and token estimates are made from it.
    /// </summary>
    public abstract string Text { get; }

    /// <summary>The readable text: what a message is in a text or in a cell of a CSV file.</summary>
    public sealed override string ToString() => Text;
}
