namespace Opi;

/// <summary>Something in the logs that could not be read.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Source">Whose log it was taken for; null when it is nobody's.</param>
/// <param name="Reason">Why, without a full stop.</param>
/// <param name="SkippedLines">How many lines were skipped; 0 when nothing of the file was read.</param>
public sealed record UsageFinding(string Path, UsageSource? Source, string Reason, int SkippedLines = 0)
{
    /// <summary>The session, where a session of Opi is damaged and the rest of it was read; else null.</summary>
    public string? SessionId { get; init; }

    /// <summary>The error that stopped the reading; null when there was none.</summary>
    public Exception? Error { get; init; }

    /// <summary>Whether nothing of the file or folder was read.</summary>
    public bool IsUnread => SkippedLines == 0 && SessionId is null;

    /// <summary>
    /// Whether there may be responses in it that nobody counts: it could not be looked at, or it is a log in a form that is not read. A
    /// file that is plainly something else hides none.
    /// </summary>
    public bool HidesUsage => IsUnread && !IsAside && !IsEmpty && (Error is not null || IsLog);

    /// <summary>Whether it is a log, although it was not read.</summary>
    internal bool IsLog { get; init; }

    /// <summary>Whether nothing that counts can be in it: a session whose first line was never finished.</summary>
    internal bool IsEmpty { get; init; }

    /// <summary>Whether nobody asked for it: it was looked at only to tell which session the responses of another one belong to.</summary>
    internal bool IsAside { get; init; }
}
