namespace Opi;

/// <summary>Tools' results that left the context. The results stay in the file; in the context a line says what was there and where it is.</summary>
/// <param name="Id">The entry's id.</param>
/// <param name="ParentId">The entry before it on its branch.</param>
/// <param name="Timestamp">When it was written, as the file has it.</param>
/// <param name="EntryIds">The entries of the results.</param>
internal sealed record ToolResultsClearedEntry(
    string Id, string? ParentId, string Timestamp, IReadOnlyList<string> EntryIds) : SessionEntry(Id, ParentId, Timestamp)
{
    private readonly ValueList<string> _entryIds = new(new TextList<string>(EntryIds));

    public override EntryType Type => EntryType.ToolResultsCleared;

    public IReadOnlyList<string> EntryIds { get => _entryIds.Items; init => _entryIds = new(new TextList<string>(value)); }
}
