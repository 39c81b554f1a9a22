using System.Text.Json;

namespace Opi;

/// <summary>Reads the prices of LiteLLM: an object with a property for each name of a model.</summary>
internal static class LiteLlmPrices
{
    public const string Name = "LiteLLM";

    private const string Documentation = "sample_spec";
    private const decimal Million = 1_000_000m;

    // Prices by the size of the request are in the names of the properties.
    private static readonly (string Suffix, long Above)[] Sizes =
        [
            ("_above_128k_tokens", 128_000), ("_above_200k_tokens", 200_000), ("_above_256k_tokens", 256_000), ("_above_272k_tokens", 272_000),
            ("_above_512k_tokens", 512_000)
        ];

    private static readonly (string Suffix, ServiceTier Tier)[] Rates =
        [("_batches", ServiceTier.Batch), ("_flex", ServiceTier.Flex), ("_priority", ServiceTier.Priority)];

    private static readonly HashSet<string?> TextModes = ["chat", "responses", "completion", "embedding", null];

    public static bool IsKindOf(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
            && root.EnumerateObject().Any(entry => IsModel(entry) && entry.Value.TryGetProperty("litellm_provider", out _));

    /// <summary>Reads all models that are paid by tokens, under their names there.</summary>
    public static List<ListedModel> Read(JsonElement root, EntryReader entries)
    {
        var models = new List<ListedModel>();
        foreach (JsonProperty entry in root.EnumerateObject().Where(IsModel))
        {
            entries.Read(entry.Name, () =>
            {
                if (TextModes.Contains(PriceFile.Text(entry.Value, "mode")) && PriceFile.Text(entry.Value, "litellm_provider") is { } provider)
                {
                    models.Add(ReadModel(entry, provider));
                }
            });
        }

        return models;
    }

    private static ListedModel ReadModel(JsonProperty entry, string provider)
    {
        int slash = entry.Name.IndexOf('/', StringComparison.Ordinal);
        string first = entry.Name[..Math.Max(slash, 0)];
        // vertex_ai/ of vertex_ai-anthropic_models
        bool isPrefixed = slash > 0 && Dashed(provider).StartsWith(Dashed(first), StringComparison.Ordinal);
        return new ListedModel(
            isPrefixed ? first : provider,
            isPrefixed ? entry.Name[(slash + 1)..] : entry.Name,
            PriceFile.Count(entry.Value, "max_input_tokens") ?? PriceFile.Count(entry.Value, "max_tokens"),
            PriceFile.Count(entry.Value, "max_output_tokens"),
            ReadPrice(entry.Value)) { IsBare = !isPrefixed };
    }

    private static string Dashed(string name) => LowerCase.Of(name).Replace('_', '-');

    private static bool IsModel(JsonProperty entry) => entry.Name != Documentation && entry.Value.ValueKind == JsonValueKind.Object;

    /// <summary>The prices; null when there are none. In this list, 0 for input and output means that the price is not known.</summary>
    private static ModelPricing? ReadPrice(JsonElement json)
    {
        PriceTier? list = ReadTier(json, "", ServiceTier.Standard, 0, null);
        var tiers = new List<PriceTier>();
        if (json.TryGetProperty("tiered_pricing", out JsonElement steps) && steps.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement step in steps.EnumerateArray().Where(step => step.TryGetProperty("range", out _)))
            {
                long above = PriceFile.CountOf(step.GetProperty("range")[0], "range");
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
            AddRate(json, rate, tier, list, tiers);
        }

        var price = new ModelPricing("", "", list.InputPrice, list.OutputPrice, list.CacheReadPrice, list.CacheWritePrice, "")
        {
            CacheWrite1hPrice = list.CacheWrite1hPrice,
            AudioInputPrice = PriceFile.Amount(json, "input_cost_per_audio_token", Million),
            AudioOutputPrice = PriceFile.Amount(json, "output_cost_per_audio_token", Million),
            AudioCacheReadPrice = PriceFile.Amount(json, "cache_read_input_audio_token_cost", Million),
            ImageInputPrice = PriceFile.Amount(json, "input_cost_per_image_token", Million),
            ImageOutputPrice = PriceFile.Amount(json, "output_cost_per_image_token", Million),
            Tiers = tiers,
        };
        if (json.TryGetProperty("provider_specific_entry", out JsonElement special) && special.ValueKind == JsonValueKind.Object)
        {
            price = price with { UsInferenceFactor = PriceFile.Amount(special, "us") };
            price = PriceFile.Amount(special, "fast") is { } fast ? PriceMerge.WithRate(price, ServiceTier.Fast, fast) : price;
        }

        return price;
    }

    private static void AddRate(JsonElement json, string rate, ServiceTier tier, PriceTier list, List<PriceTier> tiers)
    {
        // A surcharge equal to the price was only filled in.
        if (ReadTier(json, rate, tier, 0, null) is not { } rated
            || (tier == ServiceTier.Priority && rated.InputPrice == list.InputPrice && rated.OutputPrice == list.OutputPrice))
        {
            return;
        }

        rated = PriceMerge.Scaled(list, rated, list); // a cache price that is missing is in the ratio of the input
        tiers.Add(rated);
        foreach (PriceTier large in tiers.Where(large => large.Tier == ServiceTier.Standard).ToList())
        {
            string size = Array.Find(Sizes, size => size.Above == large.AboveInputTokens).Suffix ?? "";
            PriceTier scaled = PriceMerge.Scaled(large, rated, list);
            tiers.Add(ReadTier(json, size + rate, tier, large.AboveInputTokens, scaled) ?? scaled);
        }
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
}
