namespace Opi;

/// <summary>The kinds of entries.</summary>
public enum EntryType : long
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

    /// <summary>What a compaction spent that failed. opi does not know it, and skips it.</summary>
    CompactionFailure,

    /// <summary>A type this version does not know. Kept in the file, not used.</summary>
    Unknown,

    /// <summary>Tools' results that left the context; their places say where they are. opi does not know it, and skips it.</summary>
    ToolResultsCleared,

    /// <summary>Messages that compactions keep, or no longer keep. opi does not know it, and skips it.</summary>
    Pin,
}
