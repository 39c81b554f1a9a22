namespace Opi;

/// <summary>The provider answered with an error, which is no message.</summary>
public class ProviderErrorException : OpiException
{
    internal ProviderErrorException(string provider, string? code, string? message, string? advice = null)
        : base(advice is null ? Describe(provider, code, message) : Describe(provider, code, message).TrimEnd('.') + advice, provider)
    {
        Code = code;
        ProviderMessage = message;
    }

    /// <summary>The provider's type or code of the error; null when it gave none.</summary>
    public string? Code { get; }

    /// <summary>The provider's own words; null when it gave none.</summary>
    public string? ProviderMessage { get; }

    private static string Describe(string provider, string? code, string? message)
    {
        string[] parts = [.. new[] { code, message }.Where(part => !string.IsNullOrWhiteSpace(part)).Select(part => OneLine(part!))];
        return $"The reply of {provider} is an error: {(parts.Length == 0 ? "it gives no reason" : string.Join(": ", parts))}";
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>The provider refused a request because its context is too long for the model.</summary>
public sealed class ContextOverflowException : ProviderErrorException
{
    internal ContextOverflowException(string provider, string? code, string? message, long? limitTokens, long? requestedTokens)
        : base(provider, code, message, ". The context is too long for the model: compact it with Invoke-OpiCompaction -Reason Overflow, and ask again.")
    {
        LimitTokens = limitTokens;
        RequestedTokens = requestedTokens;
    }

    /// <summary>The tokens that the provider allows; null when it did not tell.</summary>
    public long? LimitTokens { get; }

    /// <summary>The tokens that the request had, the room for the answer included where the provider counts it in; null when it did not tell.</summary>
    public long? RequestedTokens { get; }
}

/// <summary>The value is no reply of a model that is known here.</summary>
public sealed class UnknownReplyException : OpiException
{
    /// <summary>Says why.</summary>
    public UnknownReplyException(string reason)
        : base(reason, "reply")
    {
    }
}
