namespace Opi.PowerShell.Commands;

/// <summary>Whose message it is.</summary>
public enum MessageRole : long
{
    /// <summary>The user's.</summary>
    User,

    /// <summary>A model's.</summary>
    Assistant,

    /// <summary>A tool's.</summary>
    ToolResult,
}
