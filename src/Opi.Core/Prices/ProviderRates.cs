namespace Opi;

/// <summary>
/// Rates that a provider's price page gives for all its models, and that lists of models leave out. They apply to a model only if its entry says
/// nothing else.
/// </summary>
internal static class ProviderRates
{
    private const decimal Half = 0.5m;
    private const decimal Double = 2;

    // Anthropic writes to the cache at 1.25 times the input price for five minutes, and at 2 times for an hour, whichever provider sells the model.
    private const decimal FiveMinutes = 1.25m;

    // https://platform.claude.com/docs/en/build-with-claude/batch-processing#pricing
    // https://developers.openai.com/api/docs/pricing (batch)
    // https://ai.google.dev/gemini-api/docs/optimization (batch and flex)
    // https://docs.mistral.ai and https://console.groq.com/docs (batch; flex costs what on demand does)
    // https://aws.amazon.com/bedrock/service-tiers/ (batch)
    private static readonly (string Provider, string Models, ServiceTier Rate, decimal Factor)[] Rates =
        [
            ("anthropic", "", ServiceTier.Batch, Half),
            ("openai", "", ServiceTier.Batch, Half),
            ("google", "gemini", ServiceTier.Batch, Half),
            ("google", "gemini", ServiceTier.Flex, Half),
            ("mistral", "", ServiceTier.Batch, Half),
            ("groq", "", ServiceTier.Batch, Half),
            ("groq", "", ServiceTier.Flex, 1),
            ("aws", "", ServiceTier.Batch, Half),
        ];

    public static ModelPricing Apply(ModelPricing price, string provider, string model)
    {
        string name = LowerCase.Of(model);
        if (name.Contains("claude", StringComparison.Ordinal))
        {
            price = price with
            {
                CacheWrite1hPrice = price.CacheWrite1hPrice ?? OneHour(price.InputPrice, price.CacheWritePrice),
                Tiers = [.. price.Tiers.Select(tier => tier with
                {
                    CacheWrite1hPrice = tier.CacheWrite1hPrice ?? OneHour(tier.InputPrice, tier.CacheWritePrice),
                })],
            };
        }

        foreach ((string Provider, string Models, ServiceTier Rate, decimal Factor) rate in Rates)
        {
            price = rate.Provider == provider && name.Contains(rate.Models, StringComparison.Ordinal) && price.InputPrice + price.OutputPrice > 0
                ? PriceMerge.WithRate(price, rate.Rate, rate.Factor)
                : price;
        }

        return price with { SearchPrice = price.SearchPrice ?? FeePrices.WebSearch(provider) };
    }

    private static decimal? OneHour(decimal input, decimal? write) =>
        write is { } price && price == PriceFile.Tidy(input * FiveMinutes) ? PriceFile.Tidy(input * Double) : null;
}
