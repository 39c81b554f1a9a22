namespace Opi;

/// <summary>The thinking level from here on: none, minimal, low, medium, high, xhigh, max.</summary>
public sealed record ThinkingLevelChangeEntry(string Id, string? ParentId, string Timestamp, string Level) : SessionEntry(Id, ParentId, Timestamp)
{
    /// <inheritdoc/>
    public override EntryType Type => EntryType.ThinkingLevelChange;
}
