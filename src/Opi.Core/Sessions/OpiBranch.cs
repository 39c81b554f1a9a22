namespace Opi;

/// <summary>
/// A stretch of a session's tree without a fork in it: from a start, or from behind a fork, to its last entry. A fork is the last entry of
/// the stretch before it.
/// </summary>
/// <param name="SessionId">The session.</param>
/// <param name="EntryId">Its last entry, the tip.</param>
/// <param name="Depth">How many steps the tip is from the start of the conversation.</param>
/// <param name="Entries">How many messages and compactions the stretch has.</param>
/// <param name="ForkPoint">The entry it forks from; null for a start.</param>
/// <param name="Timestamp">When the tip was written; null when the file has no time.</param>
/// <param name="LastText">The beginning of the tip's text.</param>
/// <param name="ActiveEntryId">Where the active conversation ends, if it ends in this stretch, which may be before the tip; else null.</param>
public sealed record OpiBranch(
    string SessionId, string EntryId, int Depth, int Entries, string? ForkPoint, DateTimeOffset? Timestamp, string LastText, string? ActiveEntryId)
{
    /// <summary>Whether the active conversation ends in it.</summary>
    public bool Active => ActiveEntryId is not null;

    /// <summary>The branches of a tree. Reads the text of each tip.</summary>
    internal static IEnumerable<OpiBranch> Of(string sessionId, SessionTree tree, Func<IndexedEntry, SessionEntry> read)
    {
        TreeBranch? active = tree.FindActiveBranch();
        return tree.Branches.Select(branch => new OpiBranch(
            sessionId,
            branch.Tip.Id,
            branch.Depth,
            branch.EntryCount,
            branch.ForkPoint?.Id,
            WireTime.Parse(branch.Tip.Timestamp),
            OpiEntry.Create(sessionId, read(branch.Tip), onActiveBranch: true).Text,
            branch == active ? tree.ActiveTip!.Id : null));
    }
}
