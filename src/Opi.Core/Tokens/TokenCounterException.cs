namespace Opi;

/// <summary>A caller's token counter failed, or gave no count.</summary>
internal sealed class TokenCounterException : OpiException
{
    public TokenCounterException(string reason, Exception? inner = null)
        : base($"The token counter failed: {reason}.", "token counter", inner)
    {
    }

    public override string ErrorId => "TokenCounterFailed";
}
