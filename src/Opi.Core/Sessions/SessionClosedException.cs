namespace Opi;

/// <summary>The session was closed.</summary>
internal sealed class SessionClosedException : OpiException
{
    internal SessionClosedException(string id)
        : base($"The session '{id}' is closed.", id)
    {
    }

    /// <inheritdoc/>
    public override string ErrorId => "SessionClosed";
}
