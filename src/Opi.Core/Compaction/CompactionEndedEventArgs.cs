namespace Opi;

/// <summary>A compaction has ended, well or not.</summary>
public sealed class CompactionEndedEventArgs : EventArgs
{
    internal CompactionEndedEventArgs(string sessionId, CompactionReason reason, OpiCompactionResult? result, string? errorMessage)
    {
        SessionId = sessionId;
        Reason = reason;
        Result = result;
        ErrorMessage = errorMessage;
    }

    /// <summary>The session.</summary>
    public string SessionId { get; }

    /// <summary>Why it ran.</summary>
    public CompactionReason Reason { get; }

    /// <summary>What it did; null when it did nothing.</summary>
    public OpiCompactionResult? Result { get; }

    /// <summary>Why it did nothing; null when all went well.</summary>
    public string? ErrorMessage { get; }

    /// <summary>Whether it did nothing.</summary>
    public bool Aborted => Result is null;
}
