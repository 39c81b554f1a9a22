using System.Text.Json;

namespace Opi;

/// <summary>Reads the prices of LiteLLM: an object with a property for each name of a model.</summary>
internal static class LiteLlmPrices
{
    /// <summary>The name of this source.</summary>
    public const string Name = "LiteLLM";

    private const string Documentation = "sample_spec";
    private const decimal Million = 1_000_000m;
    private const decimal Thousand = 1000m;

    // Prices by the size of the request are in the names of the properties.
    private static readonly (string Suffix, long Above)[] Sizes =
        [
            ("_above_128k_tokens", 128_000), ("_above_200k_tokens", 200_000), ("_above_256k_tokens", 256_000), ("_above_272k_tokens", 272_000),
            ("_above_512k_tokens", 512_000)
        ];

    private static readonly (string Suffix, ServiceTier Tier)[] Rates =
        [("_batches", ServiceTier.Batch), ("_flex", ServiceTier.Flex), ("_priority", ServiceTier.Priority)];

    private static readonly HashSet<string?> TextModes = ["chat", "responses", "completion", "embedding", null];

    /// <summary>Whether a file is of this kind.</summary>
    public static bool IsKindOf(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
            && root.EnumerateObject().Any(entry => IsModel(entry) && entry.Value.TryGetProperty("litellm_provider", out _));

    /// <summary>Reads all models that are paid by tokens, under their names there.</summary>
    /// <exception cref="PriceEntryException">An entry is not as it must be.</exception>
    public static IReadOnlyList<LiteLlmModel> Read(JsonElement root)
    {
        var models = new List<LiteLlmModel>();
        foreach (JsonProperty entry in root.EnumerateObject().Where(IsModel))
        {
            try
            {
                if (TextModes.Contains(PriceFile.Text(entry.Value, "mode")) && PriceFile.Text(entry.Value, "litellm_provider") is { } provider)
                {
                    models.Add(new LiteLlmModel(
                        entry.Name,
                        provider,
                        PriceFile.Count(entry.Value, "max_input_tokens") ?? PriceFile.Count(entry.Value, "max_tokens"),
                        PriceFile.Count(entry.Value, "max_output_tokens"),
                        ReadPrice(entry.Value)));
                }
            }
            catch (Exception error) when (error is FormatException or InvalidOperationException)
            {
                throw new PriceEntryException(entry.Name, error.Message, error);
            }
        }

        return models;
    }

    private static bool IsModel(JsonProperty entry) => entry.Name != Documentation && entry.Value.ValueKind == JsonValueKind.Object;

    /// <summary>The prices; null where it has none. There, 0 for input and output is what a price that nobody knows is.</summary>
    private static ModelPricing? ReadPrice(JsonElement json)
    {
        PriceTier? list = ReadTier(json, "", ServiceTier.Standard, 0, null);
        var tiers = new List<PriceTier>();
        if (json.TryGetProperty("tiered_pricing", out JsonElement steps) && steps.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement step in steps.EnumerateArray().Where(step => step.TryGetProperty("range", out _)))
            {
                long above = (long)step.GetProperty("range")[0].GetDecimal();
                PriceTier? tier = ReadTier(step, "", ServiceTier.Standard, above, null);
                if (above == 0)
                {
                    list = tier;
                }
                else if (tier is not null)
                {
                    tiers.Add(tier);
                }
            }
        }

        if (list is null or { InputPrice: 0, OutputPrice: 0 })
        {
            return null;
        }

        foreach ((string size, long above) in Sizes)
        {
            if (ReadTier(json, size, ServiceTier.Standard, above, list) is { } tier)
            {
                tiers.Add(tier);
            }
        }

        foreach ((string rate, ServiceTier tier) in Rates)
        {
            if (ReadTier(json, rate, tier, 0, null) is not { } rated)
            {
                continue;
            }

            tiers.Add(rated);
            foreach (PriceTier large in tiers.Where(large => large.Tier == ServiceTier.Standard).ToList())
            {
                string size = Array.Find(Sizes, size => size.Above == large.AboveInputTokens).Suffix ?? "";
                tiers.Add(ReadTier(json, size + rate, tier, large.AboveInputTokens, null) ?? Scaled(large, rated, list));
            }
        }

        if (json.TryGetProperty("provider_specific_entry", out JsonElement special) && special.ValueKind == JsonValueKind.Object
            && PriceFile.Amount(special, "fast") is { } fast)
        {
            tiers.AddRange(
                [.. tiers.Where(tier => tier.Tier == ServiceTier.Standard).Prepend(list).Select(
                    tier => Times(tier, fast) with { Tier = ServiceTier.Fast })]);
        }

        return new ModelPricing("", "", list.InputPrice, list.OutputPrice, list.CacheReadPrice, list.CacheWritePrice, "")
        {
            CacheWrite1hPrice = list.CacheWrite1hPrice,
            SearchPrice = json.TryGetProperty("search_context_cost_per_query", out JsonElement search) && search.ValueKind == JsonValueKind.Object
                ? PriceFile.Amount(search, "search_context_size_medium", Thousand)
                : null,
            Tiers = tiers,
        };
    }

    /// <summary>The prices whose names end so; null when there are none. What is missing is as in the list.</summary>
    private static PriceTier? ReadTier(JsonElement json, string suffix, ServiceTier tier, long above, PriceTier? list)
    {
        decimal? Price(string name) => PriceFile.Amount(json, name + suffix, Million);

        decimal? input = Price("input_cost_per_token");
        decimal? output = Price("output_cost_per_token");
        return input is null && output is null ? null : new PriceTier(
            tier,
            above,
            input ?? list?.InputPrice ?? 0,
            output ?? list?.OutputPrice ?? 0,
            Price("cache_read_input_token_cost") ?? list?.CacheReadPrice,
            Price("cache_creation_input_token_cost") ?? list?.CacheWritePrice,
            Price("cache_creation_input_token_cost_above_1hr") ?? list?.CacheWrite1hPrice);
    }

    /// <summary>The large request at another rate: as the small one is to the list.</summary>
    private static PriceTier Scaled(PriceTier large, PriceTier rated, PriceTier list)
    {
        static decimal? Scale(decimal? price, decimal? to, decimal? from) =>
            from is > 0 ? price * to / from is { } scaled ? PriceFile.Tidy(scaled) : null : price;

        return new PriceTier(
            rated.Tier,
            large.AboveInputTokens,
            Scale(large.InputPrice, rated.InputPrice, list.InputPrice)!.Value,
            Scale(large.OutputPrice, rated.OutputPrice, list.OutputPrice)!.Value,
            Scale(large.CacheReadPrice, rated.CacheReadPrice, list.CacheReadPrice),
            Scale(large.CacheWritePrice, rated.CacheWritePrice, list.CacheWritePrice),
            Scale(large.CacheWrite1hPrice, rated.CacheWrite1hPrice, list.CacheWrite1hPrice));
    }

    /// <summary>All prices times a factor.</summary>
    internal static PriceTier Times(PriceTier tier, decimal factor)
    {
        decimal? Multiply(decimal? price) => price is { } value ? PriceFile.Tidy(value * factor) : null;

        return new PriceTier(
            tier.Tier,
            tier.AboveInputTokens,
            PriceFile.Tidy(tier.InputPrice * factor),
            PriceFile.Tidy(tier.OutputPrice * factor),
            Multiply(tier.CacheReadPrice),
            Multiply(tier.CacheWritePrice),
            Multiply(tier.CacheWrite1hPrice));
    }
}
