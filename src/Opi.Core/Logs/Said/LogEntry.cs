namespace Opi;

/// <summary>Something that was said in a session of any agent.</summary>
/// <param name="Entry">What was said, in Opi's own form.</param>
/// <param name="SessionId">The session, in the agent's own naming; null when not known.</param>
/// <param name="Project">The folder the agent worked in; null when not known.</param>
internal sealed record LogEntry(SessionEntry Entry, string? SessionId, string? Project)
{
    /// <summary>When it was said; null when not known.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Whether the agent mostly logs the same in another line too, a moment before or after.</summary>
    public bool IsRepeat { get; init; }
}
