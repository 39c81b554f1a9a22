namespace Opi;

/// <summary>An entry of the context that is read by its place in the session's index.</summary>
/// <param name="id">The entry's id, or that of a summary.</param>
/// <param name="source">Its place.</param>
/// <param name="load">Reads the message that stands there.</param>
internal sealed class IndexedContextEntry(string id, IndexedEntry source, Func<IndexedEntry, AgentMessage> load) : ContextEntry(id)
{
    public IndexedEntry Source => source;

    public override EntryRole Role => source.Role;

    public override AgentMessage Message => load(source);

    internal override bool IsSummary => source.Type == EntryType.Compaction;

    internal override string FileId => source.Id;

    internal override long Line => source.Line;
}
