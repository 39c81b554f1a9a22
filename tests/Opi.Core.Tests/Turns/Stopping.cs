namespace Opi.Tests;

/// <summary>A sender in whose middle the turn is stopped.</summary>
internal sealed class Stopping(FakeSender inner, CancellationTokenSource stop) : ITurnSender
{
    public void Send(TurnRequest request, Action<TurnPiece> received, CancellationToken cancellationToken)
    {
        try
        {
            inner.Send(request, received, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            stop.Cancel();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
