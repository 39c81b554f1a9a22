namespace Opi;

/// <summary>A compaction begins.</summary>
public sealed class CompactionStartedEventArgs : EventArgs
{
    internal CompactionStartedEventArgs(string sessionId, CompactionReason reason)
    {
        SessionId = sessionId;
        Reason = reason;
    }

    /// <summary>The session.</summary>
    public string SessionId { get; }

    /// <summary>Why it runs.</summary>
    public CompactionReason Reason { get; }
}
