namespace Opi;

/// <summary>The thinking level from here on.</summary>
internal sealed record ThinkingLevelChangeEntry(string Id, string? ParentId, string Timestamp, ThinkingLevel Level)
    : SessionEntry(Id, ParentId, Timestamp)
{
    public override EntryType Type => EntryType.ThinkingLevelChange;
}
