namespace Opi;

/// <summary>The steps of a turn.</summary>
public enum TurnEventKind : long
{
    /// <summary>The prompt is on the disk.</summary>
    Prompt,

    /// <summary>A request is about to be sent.</summary>
    Request,

    /// <summary>An answer is on the disk.</summary>
    Answer,

    /// <summary>A try failed, and the request will be sent again. What came of its text until then does not count.</summary>
    Retry,

    /// <summary>A tool is about to run.</summary>
    ToolCall,

    /// <summary>The result of a tool is on the disk.</summary>
    ToolResult,

    /// <summary>The provider refused the context as too long.</summary>
    Overflow,

    /// <summary>The context was compacted.</summary>
    Compaction,
}
