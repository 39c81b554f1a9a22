namespace Opi;

/// <summary>A step of a turn, reported when it happens.</summary>
/// <param name="Kind">Which step.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Round">The number of the request in the turn, from 1; 0 before the first.</param>
/// <param name="Text">What happened, in one line.</param>
public sealed record OpiTurnEvent(TurnEventKind Kind, string SessionId, int Round, string Text)
{
    /// <summary>Which try of the request it is, from 1; 0 where it is about no request.</summary>
    public int Attempt { get; init; }

    /// <summary>How long to wait before the request is sent again; null unless it is a retry.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>What was recorded: the answer, or the result of a tool; null for nothing.</summary>
    public Message? Message { get; init; }

    /// <summary>The call that is about to run; null unless it is a call.</summary>
    public ToolCallContent? Call { get; init; }

    /// <summary>The compaction that was made; null unless it is a compaction.</summary>
    public OpiCompactionResult? Compaction { get; init; }

    /// <summary>What went wrong; null for nothing.</summary>
    public OpiException? Error { get; init; }

    /// <summary>The step and what happened, in one line.</summary>
    public override string ToString() => $"{Kind}: {Text}";
}
