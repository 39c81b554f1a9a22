namespace Opi;

/// <summary>What tokens cost, by kind, in USD.</summary>
/// <param name="InputCost">The uncached input.</param>
/// <param name="OutputCost">The output.</param>
/// <param name="CacheReadCost">What was read from the cache.</param>
/// <param name="CacheWriteCost">What was written to the cache, for any lifetime.</param>
public sealed record CostBreakdown(decimal InputCost, decimal OutputCost, decimal CacheReadCost, decimal CacheWriteCost)
{
    /// <summary>Nothing.</summary>
    public static readonly CostBreakdown Zero = new(0, 0, 0, 0);

    /// <summary>
    /// The searches the provider ran, and its other calls that are billed by the call. A row that shows costs by kind needs it too, else its
    /// columns do not add up to <see cref="TotalCost"/>.
    /// </summary>
    public decimal SearchCost { get; init; }

    /// <summary>The sum.</summary>
    public decimal TotalCost => InputCost + OutputCost + CacheReadCost + CacheWriteCost + SearchCost;

    /// <summary>The costs of tokens times a factor; searches stay as they are.</summary>
    internal CostBreakdown Times(decimal factor) => factor == 1
        ? this
        : new(InputCost * factor, OutputCost * factor, CacheReadCost * factor, CacheWriteCost * factor) { SearchCost = SearchCost };

    /// <summary>The sum of two costs.</summary>
    public static CostBreakdown operator +(CostBreakdown left, CostBreakdown right) =>
        new(
            left.InputCost + right.InputCost,
            left.OutputCost + right.OutputCost,
            left.CacheReadCost + right.CacheReadCost,
            left.CacheWriteCost + right.CacheWriteCost)
        {
            SearchCost = left.SearchCost + right.SearchCost,
        };

    /// <summary>The sum of two costs.</summary>
    public static CostBreakdown Add(CostBreakdown left, CostBreakdown right) => left + right;
}
