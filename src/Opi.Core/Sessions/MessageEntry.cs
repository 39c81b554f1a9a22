namespace Opi;

/// <summary>A message of the conversation.</summary>
internal sealed record MessageEntry(string Id, string? ParentId, string Timestamp, Message Message) : SessionEntry(Id, ParentId, Timestamp)
{
    public override EntryType Type => EntryType.Message;
}
