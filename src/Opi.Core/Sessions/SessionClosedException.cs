namespace Opi;

/// <summary>The session was closed.</summary>
public sealed class SessionClosedException : OpiException
{
    internal SessionClosedException(string id)
        : base($"The session '{id}' is closed.", id)
    {
    }
}
