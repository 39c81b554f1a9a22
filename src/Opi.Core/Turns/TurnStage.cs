namespace Opi;

/// <summary>What a conversation needs next.</summary>
internal enum TurnStage
{
    /// <summary>Nothing was asked yet.</summary>
    Empty,

    /// <summary>A prompt, results of tools or a paused answer wait to be sent.</summary>
    Unsent,

    /// <summary>The last answer has calls without a result.</summary>
    CallsOpen,

    /// <summary>The last prompt was answered.</summary>
    Done,
}
