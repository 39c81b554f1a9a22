namespace Opi;

/// <summary>A caller's token counter failed, or gave no count.</summary>
internal sealed class TokenCounterException : OpiException
{
    /// <summary>Says why.</summary>
    public TokenCounterException(string reason, Exception? inner = null)
        : base($"The token counter failed: {reason}.", "token counter", inner)
    {
    }

    /// <inheritdoc/>
    public override string ErrorId => "TokenCounterFailed";
}
