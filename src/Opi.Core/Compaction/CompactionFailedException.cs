namespace Opi;

/// <summary>A compaction failed and changed nothing.</summary>
public sealed class CompactionFailedException : OpiException
{
    /// <summary>Says why.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="reason">A sentence.</param>
    /// <param name="inner">What was caught.</param>
    public CompactionFailedException(string sessionId, string reason, Exception? inner = null)
        : base($"The compaction of session '{sessionId}' failed: {reason} The session was left as it is.", sessionId, inner)
    {
    }
}
