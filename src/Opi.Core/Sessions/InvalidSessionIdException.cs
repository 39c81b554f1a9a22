namespace Opi;

/// <summary>The text cannot be a session's id, because it cannot be a file's name on every system.</summary>
internal sealed class InvalidSessionIdException : OpiException
{
    internal InvalidSessionIdException(string id, string reason)
        : base($"'{id}' cannot be a session id: {reason}.", id)
    {
    }

    public override string ErrorId => "InvalidSessionId";
}
