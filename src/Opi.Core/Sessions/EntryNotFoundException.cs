namespace Opi;

/// <summary>There is no such entry in the session's conversation.</summary>
internal sealed class EntryNotFoundException : OpiException
{
    private const int NearCount = 5;

    internal EntryNotFoundException(string sessionId, string entryId, SessionTree tree)
        : this(sessionId, entryId, tree.NearIds(entryId, NearCount))
    {
    }

    internal EntryNotFoundException(string sessionId, string entryId, IReadOnlyList<string> near, string what = "message or compaction")
        : base(
            $"The session '{sessionId}' has no {what} '{entryId}'"
                + (near.Count > 0 ? $"; near it are {string.Join(", ", near)}." : ": it is empty."),
            entryId) => NearIds = near;

    public override string ErrorId => "EntryNotFound";

    /// <summary>There is no such message in the conversation as it is now.</summary>
    internal static EntryNotFoundException NoMessage(string sessionId, string entryId, SessionTree tree) =>
        new(
            sessionId,
            entryId,
            tree.NearIds(entryId, NearCount, entry => entry.Type == EntryType.Message && tree.IsActive(entry)),
            "message in the active conversation that is");

    /// <summary>There is no entry of this id at all.</summary>
    internal static EntryNotFoundException NoEntry(string sessionId, string entryId, SessionTree tree) =>
        new(sessionId, entryId, tree.NearIds(entryId, NearCount, entry => entry.Id.Length > 0), "entry");

    /// <summary>Ids that the session has and that are nearest to the one looked for; empty when it has no entry.</summary>
    public IReadOnlyList<string> NearIds { get; }
}
