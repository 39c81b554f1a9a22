namespace Opi;

/// <summary>A compaction begins, or has ended, well or not.</summary>
public sealed class CompactionEventArgs : EventArgs
{
    internal CompactionEventArgs(string sessionId, CompactionReason reason)
    {
        SessionId = sessionId;
        Reason = reason;
    }

    /// <summary>The session.</summary>
    public string SessionId { get; }

    /// <summary>Why it runs.</summary>
    public CompactionReason Reason { get; }

    /// <summary>What it did; null while it runs, and when it did nothing.</summary>
    public OpiCompactionResult? Result { get; internal init; }

    /// <summary>Why it did nothing; null while it runs, and when all went well.</summary>
    public string? ErrorMessage { get; internal init; }

    /// <summary>Whether it ended without doing anything.</summary>
    public bool Aborted => ErrorMessage is not null;
}
