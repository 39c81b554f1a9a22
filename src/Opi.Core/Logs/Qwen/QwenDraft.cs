namespace Opi;

/// <summary>A response of Qwen Code.</summary>
internal sealed class QwenDraft : UsageDraft
{
    /// <summary>Whether it comes from the agent's own record of a request, and not from the answer in the chat.</summary>
    public bool IsEvent { get; init; }

    /// <summary>What a record and an answer of the same response have in common.</summary>
    public (string? Session, UsageCounts Counts) Same => (SessionId, Counts with { Reasoning = Counts.Reasoning ?? 0 });
}
