namespace Opi;

/// <summary>The model from here on.</summary>
internal sealed record ModelChangeEntry(string Id, string? ParentId, string Timestamp, string Model) : SessionEntry(Id, ParentId, Timestamp)
{
    public override EntryType Type => EntryType.ModelChange;
}
