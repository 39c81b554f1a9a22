namespace Opi;

/// <summary>Who said a text.</summary>
public enum SearchRole : long
{
    /// <summary>The user, or what the agent said in the user's place.</summary>
    User,

    /// <summary>A model.</summary>
    Assistant,

    /// <summary>The system.</summary>
    System,

    /// <summary>A tool.</summary>
    ToolResult,

    /// <summary>A compaction, or a branch that was left.</summary>
    Summary,

    /// <summary>No role: it is the name or a label of the session.</summary>
    Name,

    /// <summary>The agent itself, or not known.</summary>
    Other,
}
