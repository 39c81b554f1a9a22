namespace Opi;

/// <summary>Who speaks in a message entry.</summary>
internal enum EntryRole : byte
{
    None,

    User,

    /// <summary>The system, in the midst of a conversation.</summary>
    System,

    Assistant,

    ToolResult,
}
