namespace Opi;

/// <summary>A response of Copilot CLI, or the sum of a leg of a session.</summary>
internal sealed class CopilotDraft : UsageDraft
{
    /// <summary>Which of the agent's records it is from. A better one takes the place of a worse one.</summary>
    public CopilotRecord Record { get; init; }
}
