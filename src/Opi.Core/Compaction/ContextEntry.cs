namespace Opi;

/// <summary>A message of the context and the entry it comes from. The content is read from the file when it is asked for.</summary>
public sealed class ContextEntry
{
    private readonly Func<IndexedEntry, AgentMessage> _load;

    internal ContextEntry(string id, IndexedEntry source, Func<IndexedEntry, AgentMessage> load)
    {
        Id = id;
        Source = source;
        _load = load;
    }

    /// <summary>The entry's id; for the summary of a compaction <c>sum-</c> and a number, which stands in no file.</summary>
    public string Id { get; }

    /// <summary>Who speaks; none for a summary.</summary>
    public EntryRole Role => Source.Role;

    /// <summary>The message, read anew at each call.</summary>
    public AgentMessage Message => _load(Source);

    internal IndexedEntry Source { get; }
}
