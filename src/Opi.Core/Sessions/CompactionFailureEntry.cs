namespace Opi;

/// <summary>What a compaction spent that failed. It is not part of the conversation.</summary>
internal sealed record CompactionFailureEntry(
    string Id, string? ParentId, string Timestamp, string Error, Usage Usage, string? Model) : SessionEntry(Id, ParentId, Timestamp)
{
    public override EntryType Type => EntryType.CompactionFailure;
}
