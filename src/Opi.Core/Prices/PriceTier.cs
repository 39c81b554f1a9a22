namespace Opi;

/// <summary>What a model costs at another rate, or for requests with much input, in USD per million tokens.</summary>
/// <param name="Tier">The rate it is for.</param>
/// <param name="AboveInputTokens">
/// It is for requests with more input than this, cached input included; 0 for all. It then applies to all their tokens.
/// </param>
/// <param name="InputPrice">A million uncached input tokens.</param>
/// <param name="OutputPrice">A million output tokens.</param>
/// <param name="CacheReadPrice">A million tokens read from the cache; null when not known.</param>
/// <param name="CacheWritePrice">A million tokens written to the cache for five minutes; null when not known.</param>
/// <param name="CacheWrite1hPrice">A million tokens written to the cache for one hour; null when not known.</param>
public sealed record PriceTier(
    ServiceTier Tier,
    long AboveInputTokens,
    decimal InputPrice,
    decimal OutputPrice,
    decimal? CacheReadPrice,
    decimal? CacheWritePrice,
    decimal? CacheWrite1hPrice)
{
    private const decimal Million = 1_000_000m;

    /// <summary>In short, for example <c>Batch above 200000: 3 in, 11.25 out</c>.</summary>
    public override string ToString()
    {
        string above = AboveInputTokens > 0 ? FormattableString.Invariant($" above {AboveInputTokens}") : "";
        return FormattableString.Invariant($"{Tier}{above}: {InputPrice} in, {OutputPrice} out");
    }

    /// <summary>What these tokens cost; null when there are tokens of a kind that has no price here.</summary>
    internal CostBreakdown? CostOf(Usage usage)
    {
        long oneHour = Math.Min(usage.CacheWrite1hTokens ?? 0, usage.CacheWriteTokens);
        decimal? cost = Cost(usage.CacheReadTokens, CacheReadPrice);
        decimal? write = Cost(usage.CacheWriteTokens - oneHour, CacheWritePrice) + Cost(oneHour, CacheWrite1hPrice);
        return cost is { } read && write is { } written
            ? new CostBreakdown(usage.InputTokens * InputPrice / Million, usage.OutputTokens * OutputPrice / Million, read, written)
            : null;
    }

    private static decimal? Cost(long tokens, decimal? price) => tokens == 0 ? 0 : tokens * price / Million;
}
