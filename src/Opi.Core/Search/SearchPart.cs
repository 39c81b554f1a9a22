namespace Opi;

/// <summary>Which part of what was said a text is.</summary>
public enum SearchPart : long
{
    /// <summary>What a user or a model said.</summary>
    Text,

    /// <summary>What a model thought.</summary>
    Thinking,

    /// <summary>A tool call: the tool and its arguments.</summary>
    ToolCall,

    /// <summary>What a tool gave back.</summary>
    ToolResult,

    /// <summary>The summary of a compaction or of a branch.</summary>
    Summary,

    /// <summary>The name or a label of a session.</summary>
    Name,

    /// <summary>Anything else in the log.</summary>
    Other,
}
