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
    /// <summary>In short, for example <c>Batch above 200000: 3 in, 11.25 out</c>.</summary>
    public override string ToString()
    {
        string above = AboveInputTokens > 0 ? FormattableString.Invariant($" above {AboveInputTokens}") : "";
        return FormattableString.Invariant($"{Tier}{above}: {InputPrice} in, {OutputPrice} out");
    }

    /// <summary>What these tokens cost.</summary>
    /// <param name="usage">The tokens.</param>
    /// <param name="isComplete">Whether all of them have a price here; those that have none are left out.</param>
    internal CostBreakdown CostOf(Usage usage, out bool isComplete)
    {
        long oneHour = Math.Min(usage.CacheWrite1hTokens ?? 0, usage.CacheWriteTokens);
        isComplete = true;
        return new CostBreakdown(
            TokenCost.Of(usage.InputTokens, InputPrice),
            TokenCost.Of(usage.OutputTokens, OutputPrice),
            Cost(usage.CacheReadTokens, CacheReadPrice, ref isComplete),
            Cost(usage.CacheWriteTokens - oneHour, CacheWritePrice, ref isComplete) + Cost(oneHour, CacheWrite1hPrice, ref isComplete));
    }

    internal PriceTier Times(decimal factor) => new(
        Tier,
        AboveInputTokens,
        PriceFile.Tidy(InputPrice * factor),
        PriceFile.Tidy(OutputPrice * factor),
        PriceFile.Tidy(CacheReadPrice * factor),
        PriceFile.Tidy(CacheWritePrice * factor),
        PriceFile.Tidy(CacheWrite1hPrice * factor));

    private static decimal Cost(long tokens, decimal? price, ref bool isComplete)
    {
        isComplete &= tokens == 0 || price is not null;
        return tokens == 0 ? 0 : TokenCost.Of(tokens, price ?? 0);
    }
}
