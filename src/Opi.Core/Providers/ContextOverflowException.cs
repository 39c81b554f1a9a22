namespace Opi;

/// <summary>The provider refused a request because its context is too long for the model.</summary>
public sealed class ContextOverflowException : ProviderErrorException
{
    internal ContextOverflowException(string provider, string? code, string? message, long? limitTokens, long? requestedTokens)
        : base(
            provider, code, message, ". The context is too long for the model: compact it and ask again.")
    {
        LimitTokens = limitTokens;
        RequestedTokens = requestedTokens;
    }

    /// <inheritdoc/>
    public override string ErrorId => "ContextOverflow";

    /// <summary>The tokens that the provider allows; null when it did not say.</summary>
    public long? LimitTokens { get; }

    /// <summary>
    /// The tokens that the request had, the room for the answer included where the provider counts it in; null when it did not say.
    /// </summary>
    public long? RequestedTokens { get; }
}
