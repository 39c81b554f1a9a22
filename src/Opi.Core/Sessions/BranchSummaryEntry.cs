namespace Opi;

/// <summary>What happened on a branch that was left.</summary>
internal sealed record BranchSummaryEntry(string Id, string? ParentId, string Timestamp, string Summary) : SessionEntry(Id, ParentId, Timestamp)
{
    public override EntryType Type => EntryType.BranchSummary;

    public BranchSummaryMessage ToMessage() => new("", Summary, 0);
}
