namespace Opi;

/// <summary>A turn that is to be written, and what became of it.</summary>
/// <param name="messages">Its messages, in order.</param>
/// <param name="usage">Its tokens.</param>
/// <param name="start">The place of the first message among the agent's messages; null for behind all of them.</param>
internal sealed class TurnToWrite(IReadOnlyList<AgentMessage> messages, Usage usage, int? start)
{
    public IReadOnlyList<AgentMessage> Messages => messages;

    public Usage Usage => usage;

    /// <summary>The place of its first message among the agent's.</summary>
    public int? Start => start;

    /// <summary>What can be worked out while the disk writes. It must not throw.</summary>
    public Action? WhileWriting { get; init; }

    /// <summary>Whether it is written, or failed.</summary>
    public bool IsDone { get; set; }

    /// <summary>Why nothing of it was written; null when it was.</summary>
    public Exception? Error { get; set; }

    /// <summary>Its messages in the file.</summary>
    public IReadOnlyList<IndexedEntry> Written { get; set; } = [];

    /// <summary>How many turns the file has, this one included.</summary>
    public int Turns { get; set; }

    /// <summary>Why a compaction is due after it; null when none is.</summary>
    public CompactionReason? DueReason { get; set; }
}
