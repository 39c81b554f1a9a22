namespace Opi;

/// <summary>Why a model stopped.</summary>
public enum StopReason : long
{
    /// <summary>It was done.</summary>
    Stop,

    /// <summary>It reached the limit of its output.</summary>
    Length,

    /// <summary>It waits for a tool.</summary>
    ToolUse,

    /// <summary>The provider failed.</summary>
    Error,

    /// <summary>The caller gave up, or the stream ended before the reply did.</summary>
    Aborted,

    /// <summary>The provider paused its own tools: the answer goes back as it is, without a prompt, and the provider continues.</summary>
    PauseTurn,

    /// <summary>The model refused. The answer is left out of later requests.</summary>
    Refusal,

    /// <summary>The context took the whole window: the answer is cut off, and a compaction is due.</summary>
    ContextWindowExceeded,

    /// <summary>The provider compacted the conversation, and waits for the next request.</summary>
    Compaction,
}
