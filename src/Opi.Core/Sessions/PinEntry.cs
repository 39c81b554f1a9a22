namespace Opi;

/// <summary>Messages that every compaction keeps word for word, or from here on no longer keeps.</summary>
/// <param name="Id">The entry's id.</param>
/// <param name="ParentId">The entry before it on its branch.</param>
/// <param name="Timestamp">When it was written, as the file has it.</param>
/// <param name="EntryIds">The entries of the messages.</param>
/// <param name="Removed">Whether the pins are taken away.</param>
internal sealed record PinEntry(
    string Id, string? ParentId, string Timestamp, IReadOnlyList<string> EntryIds, bool Removed) : SessionEntry(Id, ParentId, Timestamp)
{
    private readonly ValueList<string> _entryIds = new(new TextList<string>(EntryIds));

    public override EntryType Type => EntryType.Pin;

    public IReadOnlyList<string> EntryIds { get => _entryIds.Items; init => _entryIds = new(new TextList<string>(value)); }
}
