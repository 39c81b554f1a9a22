namespace Opi;

/// <summary>A compaction.</summary>
internal sealed record CompactionEntry(
    string Id, string? ParentId, string Timestamp, string Summary, string FirstKeptEntryId, long TokensBefore, long TokensAfter)
    : SessionEntry(Id, ParentId, Timestamp)
{
    public override EntryType Type => EntryType.Compaction;

    /// <summary>What its summary cost; null when nothing, or when it was not reported.</summary>
    public Usage? Usage { get; init; }

    /// <summary>The model that made the summary as <c>provider:model</c>; null when there is no usage, or the model is not known.</summary>
    public string? Model { get; init; }

    public CompactionSummaryMessage ToMessage() => new(Summary, FirstKeptEntryId, TokensBefore, TokensAfter);
}
