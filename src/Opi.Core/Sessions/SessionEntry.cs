using System.Text.Json;

namespace Opi;

/// <summary>The kinds of entries.</summary>
public enum EntryType
{
    /// <summary>A message of the conversation.</summary>
    Message,

    /// <summary>A compaction: a summary, and which messages it kept.</summary>
    Compaction,

    /// <summary>Which entry is the tip of the active branch.</summary>
    Leaf,

    /// <summary>State of an extension of opi's.</summary>
    ExtensionState,

    /// <summary>The session's name.</summary>
    SessionInfo,

    /// <summary>The model from here on.</summary>
    ModelChange,

    /// <summary>The thinking level from here on.</summary>
    ThinkingLevelChange,

    /// <summary>A label put on or taken off.</summary>
    Label,

    /// <summary>What happened on a branch that was left.</summary>
    BranchSummary,

    /// <summary>What a compaction spent that failed. opi does not know it, and passes over it.</summary>
    CompactionFailure,

    /// <summary>A type this version does not know. Kept in the file, not used.</summary>
    Unknown,
}

/// <summary>A line of a session file after the header.</summary>
/// <param name="Id">The entry's id, unique in the file.</param>
/// <param name="ParentId">The entry before it on its branch; null at the start.</param>
/// <param name="Timestamp">When it was written, as the file has it.</param>
public abstract record SessionEntry(string Id, string? ParentId, string Timestamp)
{
    /// <summary>The kind of entry.</summary>
    public abstract EntryType Type { get; }
}

/// <summary>A message of the conversation.</summary>
public sealed record MessageEntry(string Id, string? ParentId, string Timestamp, Message Message) : SessionEntry(Id, ParentId, Timestamp)
{
    /// <inheritdoc/>
    public override EntryType Type => EntryType.Message;
}

/// <summary>A compaction.</summary>
public sealed record CompactionEntry(string Id, string? ParentId, string Timestamp, string Summary, string FirstKeptEntryId, long TokensBefore, long TokensAfter)
    : SessionEntry(Id, ParentId, Timestamp)
{
    /// <inheritdoc/>
    public override EntryType Type => EntryType.Compaction;

    /// <summary>What its summary cost; null when nothing, or nobody told.</summary>
    public Usage? Usage { get; init; }

    /// <summary>The model that made the summary as <c>provider:model</c>; null where there is no usage, or the model is not known.</summary>
    public string? Model { get; init; }

    /// <summary>The message that stands for it in a context.</summary>
    public CompactionSummaryMessage ToMessage() => new(Summary, FirstKeptEntryId, TokensBefore, TokensAfter);
}

/// <summary>Which entry is the tip of the active branch.</summary>
public sealed record LeafEntry(string Id, string? ParentId, string Timestamp, string EntryId) : SessionEntry(Id, ParentId, Timestamp)
{
    /// <inheritdoc/>
    public override EntryType Type => EntryType.Leaf;
}

/// <summary>State of an extension of opi's.</summary>
public sealed record ExtensionStateEntry(string Id, string? ParentId, string Timestamp, JsonElement State) : SessionEntry(Id, ParentId, Timestamp)
{
    /// <inheritdoc/>
    public override EntryType Type => EntryType.ExtensionState;
}

/// <summary>The session's name; may be empty.</summary>
public sealed record SessionInfoEntry(string Id, string? ParentId, string Timestamp, string Name) : SessionEntry(Id, ParentId, Timestamp)
{
    /// <inheritdoc/>
    public override EntryType Type => EntryType.SessionInfo;
}

/// <summary>The model from here on.</summary>
public sealed record ModelChangeEntry(string Id, string? ParentId, string Timestamp, string Model) : SessionEntry(Id, ParentId, Timestamp)
{
    /// <inheritdoc/>
    public override EntryType Type => EntryType.ModelChange;
}

/// <summary>The thinking level from here on: none, minimal, low, medium, high, xhigh, max.</summary>
public sealed record ThinkingLevelChangeEntry(string Id, string? ParentId, string Timestamp, string Level) : SessionEntry(Id, ParentId, Timestamp)
{
    /// <inheritdoc/>
    public override EntryType Type => EntryType.ThinkingLevelChange;
}

/// <summary>A label put on, or taken off.</summary>
public sealed record LabelEntry(string Id, string? ParentId, string Timestamp, string Label, bool Removed) : SessionEntry(Id, ParentId, Timestamp)
{
    /// <inheritdoc/>
    public override EntryType Type => EntryType.Label;
}

/// <summary>What happened on a branch that was left.</summary>
public sealed record BranchSummaryEntry(string Id, string? ParentId, string Timestamp, string Summary) : SessionEntry(Id, ParentId, Timestamp)
{
    /// <inheritdoc/>
    public override EntryType Type => EntryType.BranchSummary;

    /// <summary>The message that stands for it in a context.</summary>
    public BranchSummaryMessage ToMessage() => new("", Summary, 0);
}

/// <summary>What a compaction spent that failed. It is no part of the conversation.</summary>
public sealed record CompactionFailureEntry(string Id, string? ParentId, string Timestamp, string Error, Usage Usage, string? Model) : SessionEntry(Id, ParentId, Timestamp)
{
    /// <inheritdoc/>
    public override EntryType Type => EntryType.CompactionFailure;
}

/// <summary>A type this version does not know.</summary>
public sealed record UnknownEntry(string Id, string? ParentId, string Timestamp, string TypeName, JsonElement Content) : SessionEntry(Id, ParentId, Timestamp)
{
    /// <inheritdoc/>
    public override EntryType Type => EntryType.Unknown;
}
