namespace Opi;

/// <summary>A turn could not be brought to its end. All that was recorded of it stays, and it can be taken up again.</summary>
public sealed class TurnFailedException : OpiException
{
    internal TurnFailedException(string sessionId, TurnFailure failure, string message, Exception? inner = null)
        : base(message, sessionId, inner) => Failure = failure;

    /// <inheritdoc/>
    public override string ErrorId => Failure switch
    {
        TurnFailure.NothingToSend => nameof(TurnFailure.NothingToSend),
        TurnFailure.Request => "RequestFailed",
        TurnFailure.Sender => "SenderFailed",
        TurnFailure.Answer => "AnswerFailed",
        TurnFailure.Overflow => "ContextOverflow",
        TurnFailure.Rounds => "TooManyRounds",
        _ => throw new InvalidOperationException($"The failure {Failure} has no id."),
    };

    internal TurnFailure Failure { get; }

    /// <summary>How many times the last request was sent.</summary>
    public int Attempts { get; init; }

    /// <summary>The status of HTTP of the last try; null where no answer came, or none is known.</summary>
    public int? Status { get; init; }

    /// <summary>The largest entry of a context that is too long; null where that is not why.</summary>
    public string? OversizedEntryId { get; init; }

    /// <summary>The turn as far as it came; null before its first answer.</summary>
    public OpiTurn? Turn { get; init; }
}
