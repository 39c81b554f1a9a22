namespace Opi;

/// <summary>Brings together what two lists say of the price of one model.</summary>
internal static class PriceMerge
{
    /// <summary>Whether two have the same price for input and for output.</summary>
    public static bool SameBase(ModelPricing one, ModelPricing other) => one.InputPrice == other.InputPrice && one.OutputPrice == other.OutputPrice;

    /// <summary>Whether two say the same, as far as both say anything.</summary>
    public static bool Agree(ModelPricing one, ModelPricing other) =>
        SameBase(one, other)
        && (one.CacheReadPrice is null || other.CacheReadPrice is null || one.CacheReadPrice == other.CacheReadPrice)
        && (one.CacheWritePrice is null || other.CacheWritePrice is null || one.CacheWritePrice == other.CacheWritePrice);

    /// <summary>A price, completed with the other prices and rates of a price with the same input and output price.</summary>
    /// <param name="price">The price.</param>
    /// <param name="other">The other one.</param>
    /// <param name="withSizes">Whether to take its prices for large requests, where the first has none.</param>
    public static ModelPricing Fill(ModelPricing price, ModelPricing other, bool withSizes) => WithRatesOf(
        SameBase(price, other)
            ? price with
            {
                CacheReadPrice = price.CacheReadPrice ?? other.CacheReadPrice,
                CacheWritePrice = price.CacheWritePrice ?? other.CacheWritePrice,
                CacheWrite1hPrice = price.CacheWrite1hPrice ?? other.CacheWrite1hPrice,
                AudioInputPrice = price.AudioInputPrice ?? other.AudioInputPrice,
                AudioOutputPrice = price.AudioOutputPrice ?? other.AudioOutputPrice,
                AudioCacheReadPrice = price.AudioCacheReadPrice ?? other.AudioCacheReadPrice,
                ImageInputPrice = price.ImageInputPrice ?? other.ImageInputPrice,
                ImageOutputPrice = price.ImageOutputPrice ?? other.ImageOutputPrice,
                Tiers = withSizes && !Sizes(price).Any() ? [.. Sizes(other), .. price.Tiers] : FillTiers(price.Tiers, other.Tiers),
            }
            : price,
        other);

    /// <summary>
    /// A price with the rates that another has and it has not: batch, flex, priority, fast. They are ratios of the list price, so they hold
    /// where the price was changed.
    /// </summary>
    public static ModelPricing WithRatesOf(ModelPricing price, ModelPricing other)
    {
        List<PriceTier> tiers = [.. price.Tiers];
        PriceTier[] lists = [price.ListPrices, .. Sizes(price)];
        foreach (PriceTier rate in other.Tiers.Where(tier => tier is { Tier: not ServiceTier.Standard, AboveInputTokens: 0 }))
        {
            if (price.Tiers.Any(own => own.Tier == rate.Tier))
            {
                continue;
            }

            foreach (PriceTier list in lists)
            {
                PriceTier? exact = Agree(price, other)
                    ? other.Tiers.FirstOrDefault(tier => tier.Tier == rate.Tier && tier.AboveInputTokens == list.AboveInputTokens)
                    : null;
                tiers.Add(exact ?? Scaled(list, rate, other.ListPrices));
            }
        }

        return price with
        {
            CacheWrite1hPrice = price.CacheWrite1hPrice ?? Scale(price.CacheWritePrice, other.CacheWrite1hPrice, other.CacheWritePrice),
            SearchPrice = price.SearchPrice ?? other.SearchPrice,
            UsInferenceFactor = price.UsInferenceFactor ?? other.UsInferenceFactor,
            Tiers = tiers,
        };
    }

    /// <summary>A price with a rate at a factor of its list prices, where it has not got that rate.</summary>
    public static ModelPricing WithRate(ModelPricing price, ServiceTier rate, decimal factor) => price.Tiers.Any(tier => tier.Tier == rate)
        ? price
        : price with
        {
            Tiers = [.. price.Tiers, .. Sizes(price).Prepend(price.ListPrices).Select(tier => tier.Times(factor) with { Tier = rate })],
        };

    /// <summary>The large request at another rate: as the small one is to the list.</summary>
    public static PriceTier Scaled(PriceTier large, PriceTier rate, PriceTier list) => new(
        rate.Tier,
        large.AboveInputTokens,
        Scale(large.InputPrice, rate.InputPrice, list.InputPrice) ?? large.InputPrice,
        Scale(large.OutputPrice, rate.OutputPrice, list.OutputPrice) ?? large.OutputPrice,
        Scale(large.CacheReadPrice, rate.CacheReadPrice, list.CacheReadPrice)
            ?? Scale(large.CacheReadPrice, rate.InputPrice, list.InputPrice),
        Scale(large.CacheWritePrice, rate.CacheWritePrice, list.CacheWritePrice)
            ?? Scale(large.CacheWritePrice, rate.InputPrice, list.InputPrice),
        Scale(large.CacheWrite1hPrice, rate.CacheWrite1hPrice, list.CacheWrite1hPrice)
            ?? Scale(large.CacheWrite1hPrice, rate.InputPrice, list.InputPrice));

    /// <summary>The prices for large requests at the list's rate.</summary>
    public static IEnumerable<PriceTier> Sizes(ModelPricing price) => price.Tiers.Where(tier => tier.Tier == ServiceTier.Standard);

    private static decimal? Scale(decimal? price, decimal? to, decimal? from) => from is > 0 ? PriceFile.Tidy(price * to / from) : null;

    private static PriceTier[] FillTiers(IReadOnlyList<PriceTier> tiers, IReadOnlyList<PriceTier> others) =>
        [.. tiers.Select(tier => others.FirstOrDefault(other => other.Tier == tier.Tier
            && Math.Abs(other.AboveInputTokens - tier.AboveInputTokens) <= 1
            && other.InputPrice == tier.InputPrice && other.OutputPrice == tier.OutputPrice) is { } same
            ? tier with
            {
                CacheReadPrice = tier.CacheReadPrice ?? same.CacheReadPrice,
                CacheWritePrice = tier.CacheWritePrice ?? same.CacheWritePrice,
                CacheWrite1hPrice = tier.CacheWrite1hPrice ?? same.CacheWrite1hPrice,
            }
            : tier)];
}
