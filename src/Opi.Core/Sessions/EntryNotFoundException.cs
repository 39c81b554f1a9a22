namespace Opi;

/// <summary>There is no such entry in the session's conversation.</summary>
public sealed class EntryNotFoundException : OpiException
{
    private const int NearCount = 5;

    internal EntryNotFoundException(string sessionId, string entryId, SessionTree tree)
        : base(Describe(sessionId, entryId, tree), entryId)
    {
    }

    private static string Describe(string sessionId, string entryId, SessionTree tree)
    {
        IReadOnlyList<string> near = tree.NearIds(entryId, NearCount);
        return $"The session '{sessionId}' has no message or compaction '{entryId}'"
            + (near.Count > 0 ? $"; near it are {string.Join(", ", near)}. Get-OpiEntry lists all." : ": it is empty.");
    }
}
