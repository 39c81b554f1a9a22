namespace Opi;

/// <summary>Something in the logs that could not be read.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Source">The source it was taken for; null when there is none.</param>
/// <param name="Reason">Why, without a full stop.</param>
/// <param name="SkippedLines">How many lines were skipped; 0 when nothing of the file was read.</param>
public sealed record UsageFinding(string Path, UsageSource? Source, string Reason, int SkippedLines = 0)
{
    /// <summary>The session, where a session of Opi is damaged and the rest of it was read; else null.</summary>
    public string? SessionId { get; init; }

    /// <summary>The error that stopped the reading; null when there was none.</summary>
    public Exception? Error { get; init; }

    /// <summary>Whether nothing of the file or folder was read.</summary>
    public bool IsUnread => SkippedLines == 0 && SessionId is null && Undated == 0;

    /// <summary>
    /// Whether it may have responses that are not counted: it could not be read, it is a log in a form that is not known, or a certain
    /// time is asked for and some of its responses have none. A file that is clearly something else has none.
    /// </summary>
    public bool HidesUsage => Undated > 0 || (IsUnread && !IsAside && !IsEmpty && (Error is not null || IsLog));

    /// <summary>How many responses it has that may be of the time that is asked for, because they have none.</summary>
    internal int Undated { get; init; }

    /// <summary>How many of the skipped lines could be read: they are of a log whose answers have no token counts.</summary>
    internal int LinesWithoutUsage { get; init; }

    /// <summary>Whether it is a log, although it was not read.</summary>
    internal bool IsLog { get; init; }

    /// <summary>Whether nothing that counts can be in it: a session whose first line was never finished.</summary>
    internal bool IsEmpty { get; init; }

    /// <summary>Whether it was not asked for: it was read only to find the session of another file's responses.</summary>
    internal bool IsAside { get; init; }
}
