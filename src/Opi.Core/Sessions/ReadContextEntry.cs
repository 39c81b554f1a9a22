namespace Opi;

/// <summary>An entry of the context whose message has been read, so that the file is no longer needed.</summary>
internal sealed class ReadContextEntry(ContextEntry entry) : ContextEntry(entry.Id)
{
    public override EntryRole Role => entry.Role;

    public override AgentMessage Message { get; } = entry.Message;

    internal override bool IsSummary => entry.IsSummary;

    internal override string FileId => entry.FileId;

    internal override long Line => entry.Line;

    internal override bool IsPinned { get; } = entry.IsPinned;

    internal override bool IsCleared => entry.IsCleared;

    internal override bool IsCarried => entry.IsCarried;

    internal override long ChangedAt => entry.ChangedAt;
}
