namespace Opi;

/// <summary>There is no such entry in the session's conversation.</summary>
public sealed class EntryNotFoundException : OpiException
{
    private const int NearCount = 5;

    internal EntryNotFoundException(string sessionId, string entryId, SessionTree tree)
        : this(sessionId, entryId, tree.NearIds(entryId, NearCount))
    {
    }

    internal EntryNotFoundException(string sessionId, string entryId, IReadOnlyList<string> near)
        : base(
            $"The session '{sessionId}' has no message or compaction '{entryId}'"
                + (near.Count > 0 ? $"; near it are {string.Join(", ", near)}." : ": it is empty."),
            entryId) => NearIds = near;

    /// <summary>Ids that the session has and that are nearest to the one looked for; empty when it has no entry.</summary>
    public IReadOnlyList<string> NearIds { get; }
}
