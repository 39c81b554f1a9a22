namespace Opi;

/// <summary>A message of the context and the entry it comes from. The content is read from the file when it is asked for.</summary>
internal abstract class ContextEntry
{
    private protected ContextEntry(string id) => Id = id;

    /// <summary>The entry's id; for the summary of a compaction <c>sum-</c> and a number, which stands in no file.</summary>
    public string Id { get; }

    /// <summary>Who speaks; none for a summary.</summary>
    public abstract EntryRole Role { get; }

    /// <summary>The message, read anew at each call.</summary>
    public abstract AgentMessage Message { get; }

    /// <summary>Whether it is the summary that a compaction left.</summary>
    internal abstract bool IsSummary { get; }

    /// <summary>The id of the entry in the file, of a summary too.</summary>
    internal abstract string FileId { get; }

    /// <summary>The line in the file, counted from 1 (the header).</summary>
    internal abstract long Line { get; }
}
