namespace Opi;

/// <summary>An entry of the context that is read by its place in the session's index.</summary>
/// <param name="id">The entry's id, or a summary's.</param>
/// <param name="source">Its place.</param>
/// <param name="load">Reads its message.</param>
internal sealed class IndexedContextEntry(string id, IndexedEntry source, Func<IndexedEntry, AgentMessage> load) : ContextEntry(id)
{
    private bool _cleared;
    private bool _carried;
    private long _changedAt;

    public IndexedEntry Source => source;

    /// <summary>The ids of the entries that are pinned, as they are now; null for none.</summary>
    public IReadOnlySet<string>? Pins { get; init; }

    public override EntryRole Role => source.Role;

    public override AgentMessage Message => load(source) is var message && _cleared ? ClearedResult.Of(message, source.Id) ?? message : message;

    internal override bool IsSummary => source.Type == EntryType.Compaction;

    internal override string FileId => source.Id;

    internal override long Line => source.Line;

    internal override bool IsPinned => Pins?.Contains(source.Id) == true && source.Type == EntryType.Message;

    internal override bool IsCleared => _cleared;

    internal override bool IsCarried => _carried;

    internal override long ChangedAt => IsSummary ? Line : _changedAt;

    /// <summary>The same as a pin carries it over a compaction. A result that only belongs to what is pinned is cleared.</summary>
    public IndexedContextEntry Carried(long line) => new(Id, source, load)
    {
        Pins = Pins,
        _cleared = _cleared || (!IsPinned && source.Role == EntryRole.ToolResult),
        _carried = true,
        _changedAt = line,
    };

    /// <summary>The same as it is now, read by something else.</summary>
    public IndexedContextEntry ReadBy(Func<IndexedEntry, AgentMessage> other) =>
        new(Id, source, other) { Pins = IsPinned ? Pins : null, _cleared = _cleared, _carried = _carried, _changedAt = _changedAt };

    public IndexedContextEntry Cleared(long line) => new(Id, source, load) { Pins = Pins, _cleared = true, _carried = _carried, _changedAt = line };

    /// <summary>The same as it came.</summary>
    public IndexedContextEntry Restored(long line) => new(Id, source, load) { Pins = Pins, _carried = _carried, _changedAt = line };
}
