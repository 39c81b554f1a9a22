namespace Opi;

/// <summary>All entries of an open session and what follows from them. Of a large session it is read when something asks for it.</summary>
/// <param name="index">The entries, in the order of the file.</param>
/// <param name="tree">Which of them were active at the last change of branch.</param>
/// <param name="context">The context.</param>
internal sealed class SessionContent(List<IndexedEntry> index, SessionTree tree, SessionContext context)
{
    private (int Count, SessionTree Tree)? _current;

    public List<IndexedEntry> Index => index;

    /// <summary>Which were active at the last change of branch.</summary>
    public SessionTree Tree { get; set; } = tree;

    public ContextEntries Context { get; set; } = context.State;

    /// <summary>For each message of the context its place among the agent's messages.</summary>
    public List<int> AgentMessageIndices { get; } = [.. Enumerable.Range(0, context.Entries.Count)];

    /// <summary>Which entries are active now. Kept until something is added.</summary>
    public SessionTree CurrentTree => _current is { } known && known.Count == index.Count
        ? known.Tree
        : (_current = (index.Count, new SessionTree([.. index]))).Value.Tree;
}
