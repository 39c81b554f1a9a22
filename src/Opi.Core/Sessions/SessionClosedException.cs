namespace Opi;

internal sealed class SessionClosedException : OpiException
{
    internal SessionClosedException(string id)
        : base($"The session '{id}' is closed.", id)
    {
    }

    public override string ErrorId => "SessionClosed";
}
