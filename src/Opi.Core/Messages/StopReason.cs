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

    /// <summary>The caller gave up.</summary>
    Aborted,
}
