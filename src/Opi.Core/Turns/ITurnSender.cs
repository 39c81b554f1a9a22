namespace Opi;

/// <summary>Sends the requests of a turn. Runs outside every lock, on the thread that runs the turn.</summary>
internal interface ITurnSender
{
    /// <summary>Sends a request, and hands over what comes as it comes: a whole reply, or the lines or chunks of a stream.</summary>
    /// <param name="request">The request.</param>
    /// <param name="received">Takes each piece. What it throws ends the sending.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="SendFailedException">It failed; what was handed over before counts as received.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    void Send(TurnRequest request, Action<TurnPiece> received, CancellationToken cancellationToken);
}
