namespace Opi;

/// <summary>The session's name; may be empty.</summary>
internal sealed record SessionInfoEntry(string Id, string? ParentId, string Timestamp, string Name) : SessionEntry(Id, ParentId, Timestamp)
{
    public override EntryType Type => EntryType.SessionInfo;
}
