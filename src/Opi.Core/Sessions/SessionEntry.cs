namespace Opi;

/// <summary>A line of a session file after the header.</summary>
/// <param name="Id">The entry's id, unique in the file.</param>
/// <param name="ParentId">The entry before it on its branch; null at the start.</param>
/// <param name="Timestamp">When it was written, as the file has it.</param>
internal abstract record SessionEntry(string Id, string? ParentId, string Timestamp)
{
    public abstract EntryType Type { get; }

    public sealed override string ToString() => $"{Type} {Id}";
}
