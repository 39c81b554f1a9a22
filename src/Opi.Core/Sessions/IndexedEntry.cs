namespace Opi;

/// <summary>
/// What the index knows of an entry without holding its content: where it is, what it is, and what the tree and the totals need.
/// <see cref="SessionReader.Read"/> gives the entry itself.
/// </summary>
internal sealed class IndexedEntry
{
    internal IndexedEntry(EntryType type, string id, string? parentId, string timestamp)
    {
        Type = type;
        Id = id;
        ParentId = parentId;
        Timestamp = timestamp;
    }

    public EntryType Type { get; }

    /// <summary>Who speaks, if it is a message.</summary>
    public EntryRole Role { get; internal init; }

    public string Id { get; }

    /// <summary>The entry before it on its branch; null at the start.</summary>
    public string? ParentId { get; }

    /// <summary>When it was written, as the file has it.</summary>
    public string Timestamp { get; }

    /// <summary>When an answer was made, in milliseconds since 1970-01-01 UTC; 0 for other entries, and when the message does not say.</summary>
    internal long MadeMs { get; init; }

    /// <summary>The entry that a leaf points to, or the first one that a compaction kept; else null.</summary>
    public string? TargetId { get; internal init; }

    /// <summary>The entries that a clearing or a pin names; else null.</summary>
    internal IReadOnlyList<string>? TargetIds { get; init; }

    /// <summary>Whether it takes pins away.</summary>
    internal bool Removes { get; init; }

    /// <summary>The tokens of an answer, and those a compaction spent on its summary; null for all else.</summary>
    public Usage? Usage { get; internal init; }

    /// <summary>
    /// The model of an answer, of a summary or of a change of model, as <c>provider:model</c>; null for all else, and where none
    /// is named.
    /// </summary>
    public string? Model { get; internal init; }

    /// <summary>The line in the file, counted from 1 (the header).</summary>
    public long Line { get; internal init; }

    /// <summary>Where the line begins, in bytes.</summary>
    public long Offset { get; internal init; }

    /// <summary>The line's length in bytes, without its LF.</summary>
    public int Length { get; internal init; }

    /// <summary>Whether corrupt lines are directly before this one, so that its parent may be among them.</summary>
    internal bool FollowsFault { get; init; }

    /// <summary>Whether it says something of the session and not in the conversation.</summary>
    internal bool IsMetadata => Type is EntryType.SessionInfo or EntryType.ModelChange or EntryType.ThinkingLevelChange or EntryType.Label;

    /// <summary>Whether it is part of the conversation: a message or a compaction.</summary>
    public bool IsContent => Type is EntryType.Message or EntryType.Compaction;
}
