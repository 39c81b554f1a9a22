namespace Opi;

/// <summary>A value by which a provider says at what rate it billed.</summary>
/// <param name="Server">The only provider with this value; null for all.</param>
/// <param name="Value">The value.</param>
/// <param name="Tier">The rate.</param>
/// <param name="WhyUnpriced">Why there is no published price by the token for it; null if there is one.</param>
internal readonly record struct Rate(string? Server, string Value, ServiceTier Tier, string? WhyUnpriced = null);
