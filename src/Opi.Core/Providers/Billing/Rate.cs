namespace Opi;

/// <summary>A value by which a provider tells at what rate it billed.</summary>
/// <param name="Server">Only this provider's value; null for everybody's.</param>
/// <param name="Value">The value.</param>
/// <param name="Tier">The rate.</param>
/// <param name="WhyUnpriced">Why no price by the token is published for it; null where there is one.</param>
internal readonly record struct Rate(string? Server, string Value, ServiceTier Tier, string? WhyUnpriced = null);
