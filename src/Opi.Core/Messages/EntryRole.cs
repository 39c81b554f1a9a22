namespace Opi;

/// <summary>Who speaks in a message entry.</summary>
internal enum EntryRole : byte
{
    /// <summary>Not a message.</summary>
    None,

    /// <summary>The user.</summary>
    User,

    /// <summary>The system, in the midst of a conversation.</summary>
    System,

    /// <summary>A model.</summary>
    Assistant,

    /// <summary>A tool.</summary>
    ToolResult,
}
