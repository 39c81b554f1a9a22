namespace Opi;

/// <summary>The provider answered with an error, which is not a message.</summary>
public class ProviderErrorException : OpiException
{
    internal ProviderErrorException(string provider, string? code, string? message, string? advice = null)
        : base(advice is null ? Describe(provider, code, message) : Describe(provider, code, message).TrimEnd('.') + advice, provider)
    {
        Code = code;
        ProviderMessage = message;
    }

    /// <inheritdoc/>
    public override string ErrorId => "ProviderError";

    /// <summary>The provider's type or code of the error; null when it gave none.</summary>
    public string? Code { get; }

    /// <summary>The provider's own words; null when it gave none.</summary>
    public string? ProviderMessage { get; }

    /// <summary>How long the provider asks to wait before the request is sent again; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; set; }

    /// <summary>Whether the same request may well succeed later, by the error's codes; null when they do not say.</summary>
    internal bool? IsTransient { get; init; }

    private static string Describe(string provider, string? code, string? message)
    {
        string[] parts = [.. new[] { code, message }.Where(part => !string.IsNullOrWhiteSpace(part)).Select(part => OneLine(part!))];
        return $"The reply of {provider} is an error: {(parts.Length == 0 ? "it gives no reason" : string.Join(": ", parts))}";
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
