namespace Opi;

/// <summary>Which entry is the tip of the active branch.</summary>
internal sealed record LeafEntry(string Id, string? ParentId, string Timestamp, string EntryId) : SessionEntry(Id, ParentId, Timestamp)
{
    public override EntryType Type => EntryType.Leaf;
}
