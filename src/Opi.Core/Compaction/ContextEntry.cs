namespace Opi;

/// <summary>A message of the context and the entry it comes from. The content is read from the file when it is asked for.</summary>
internal abstract class ContextEntry
{
    private protected ContextEntry(string id) => Id = id;

    /// <summary>The entry's id; for the summary of a compaction <c>sum-</c> and a number, which is in no file.</summary>
    public string Id { get; }

    /// <summary>Who speaks; none for a summary.</summary>
    public abstract EntryRole Role { get; }

    /// <summary>The message, read from the file at each call.</summary>
    public abstract AgentMessage Message { get; }

    /// <summary>Whether it is the summary that a compaction left.</summary>
    internal abstract bool IsSummary { get; }

    /// <summary>The id of the entry in the file, of a summary too.</summary>
    internal abstract string FileId { get; }

    /// <summary>The line in the file, counted from 1 (the header).</summary>
    internal abstract long Line { get; }

    /// <summary>Whether compactions keep it word for word.</summary>
    internal virtual bool IsPinned => false;

    /// <summary>Whether a tool's result was replaced by a line, which happens only if it is long enough.</summary>
    internal virtual bool IsCleared => false;

    /// <summary>
    /// Whether it is here only because of a pin, though a compaction cut behind it. opi, which knows no pins, does not have it in its context.
    /// </summary>
    internal virtual bool IsCarried => false;

    /// <summary>
    /// The line of the entry that changed it: a compaction, a clearing or a pin; 0 for a message as it came.
    /// </summary>
    internal virtual long ChangedAt => IsSummary ? Line : 0;
}
