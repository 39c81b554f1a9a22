namespace Opi;

/// <summary>At which of a provider's rates a response is billed.</summary>
public enum ServiceTier : byte
{
    /// <summary>The list price.</summary>
    Standard,

    /// <summary>Answered later, at a discount.</summary>
    Batch,

    /// <summary>Answered when there is room, at a discount.</summary>
    Flex,

    /// <summary>Answered first, at a surcharge.</summary>
    Priority,

    /// <summary>Answered faster, at a surcharge (Anthropic's speed "fast").</summary>
    Fast,
}

/// <summary>What the price of a response depends on beside its tokens and its time.</summary>
/// <param name="Tier">The rate.</param>
/// <param name="WebSearches">How many searches the provider ran.</param>
public sealed record BillingTerms(ServiceTier Tier = ServiceTier.Standard, int WebSearches = 0);
