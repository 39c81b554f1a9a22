namespace Opi;

/// <summary>A label put on, or taken off.</summary>
internal sealed record LabelEntry(string Id, string? ParentId, string Timestamp, string Label, bool Removed) : SessionEntry(Id, ParentId, Timestamp)
{
    public override EntryType Type => EntryType.Label;
}
