namespace Opi;

/// <summary>What a model costs, in USD per million tokens.</summary>
/// <param name="Provider">The provider, the part of a model's name before the colon.</param>
/// <param name="Model">The models it is for, as a wildcard pattern on the part after the colon.</param>
/// <param name="InputPrice">A million uncached input tokens.</param>
/// <param name="OutputPrice">A million output tokens.</param>
/// <param name="CacheReadPrice">A million tokens read from the cache.</param>
/// <param name="CacheWritePrice">A million tokens written to the cache.</param>
/// <param name="Source">Where the prices are from.</param>
public sealed record ModelPricing(
    string Provider,
    string Model,
    decimal InputPrice,
    decimal OutputPrice,
    decimal CacheReadPrice,
    decimal CacheWritePrice,
    string Source)
{
    private const decimal Million = 1_000_000m;

    /// <summary>The currency of the prices.</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>What these tokens cost.</summary>
    /// <param name="usage">The tokens of one response.</param>
    /// <param name="terms">At what rate it was billed; null for the list price.</param>
    public CostBreakdown CostOf(Usage usage, BillingTerms? terms = null)
    {
        ArgumentNullException.ThrowIfNull(usage);
        _ = terms;
        return new CostBreakdown(
            usage.InputTokens * InputPrice / Million,
            usage.OutputTokens * OutputPrice / Million,
            usage.CacheReadTokens * CacheReadPrice / Million,
            usage.CacheWriteTokens * CacheWritePrice / Million);
    }
}

/// <summary>What tokens cost, by kind, in USD.</summary>
/// <param name="InputCost">The uncached input.</param>
/// <param name="OutputCost">The output.</param>
/// <param name="CacheReadCost">What was read from the cache.</param>
/// <param name="CacheWriteCost">What was written to the cache.</param>
public sealed record CostBreakdown(decimal InputCost, decimal OutputCost, decimal CacheReadCost, decimal CacheWriteCost)
{
    /// <summary>Nothing.</summary>
    public static readonly CostBreakdown Zero = new(0, 0, 0, 0);

    /// <summary>The sum.</summary>
    public decimal TotalCost => InputCost + OutputCost + CacheReadCost + CacheWriteCost;

    /// <summary>The sum of two costs.</summary>
    public static CostBreakdown operator +(CostBreakdown left, CostBreakdown right) =>
        new(
            left.InputCost + right.InputCost,
            left.OutputCost + right.OutputCost,
            left.CacheReadCost + right.CacheReadCost,
            left.CacheWriteCost + right.CacheWriteCost);

    /// <summary>The sum of two costs.</summary>
    public static CostBreakdown Add(CostBreakdown left, CostBreakdown right) => left + right;
}
