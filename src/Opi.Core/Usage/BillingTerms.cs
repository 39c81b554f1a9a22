namespace Opi;

/// <summary>What the price of a response depends on beside its tokens and its time.</summary>
/// <param name="Tier">The rate.</param>
/// <param name="WebSearches">How many searches the provider ran.</param>
public sealed record BillingTerms(ServiceTier Tier = ServiceTier.Standard, int WebSearches = 0);
