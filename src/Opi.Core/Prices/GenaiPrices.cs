using System.Globalization;
using System.Text.Json;

namespace Opi;

/// <summary>Reads the prices of pydantic's genai-prices: an array of providers with their models.</summary>
internal static class GenaiPrices
{
    public const string Name = "genai-prices";

    public static bool IsKindOf(JsonElement root) =>
        root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 && root[0].ValueKind == JsonValueKind.Object
        && root[0].TryGetProperty("models", out _);

    public static List<ProviderDraft> Read(JsonElement root, CatalogSource source, EntryReader entries)
    {
        var providers = new List<ProviderDraft>();
        int index = 0;
        foreach (JsonElement json in root.EnumerateArray())
        {
            index++;
            string id = json.ValueKind == JsonValueKind.Object ? PriceFile.Text(json, "id") ?? "" : "";
            entries.Read(id.Length > 0 ? id : $"provider {index}", () =>
            {
                if (id.Length == 0)
                {
                    throw new FormatException("it has no id");
                }

                if (providers.Exists(other => other.Id == id))
                {
                    throw new FormatException("it is in the file twice");
                }

                providers.Add(ReadProvider(json, id, source, entries));
            });
        }

        return providers;
    }

    private static ProviderDraft ReadProvider(JsonElement json, string id, CatalogSource source, EntryReader entries)
    {
        if (!json.TryGetProperty("models", out JsonElement models) || models.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException("it has no models");
        }

        var provider = new ProviderDraft(id)
        {
            ProviderRule = ReadRule(json, "provider_match"),
            MakerRule = ReadRule(json, "model_match"),
            Fallbacks = json.TryGetProperty("fallback_model_providers", out JsonElement fallbacks) && fallbacks.ValueKind == JsonValueKind.Array
                ? [.. fallbacks.EnumerateArray().Select(item => item.GetString() ?? "")]
                : [],
        };
        int index = 0;
        foreach (JsonElement model in models.EnumerateArray())
        {
            index++;
            string name = model.ValueKind == JsonValueKind.Object ? PriceFile.Text(model, "id") ?? "" : "";
            entries.Read(
                name.Length > 0 ? $"{id}:{name}" : $"{id}, model {index}",
                () => provider.Add(name.Length > 0 ? ReadModel(model, id, name, source) : throw new FormatException("it has no id")));
        }

        return provider;
    }

    private static CatalogModel ReadModel(JsonElement json, string provider, string id, CatalogSource source)
    {
        var model = new CatalogModel(provider, id)
        {
            Rule = ReadRule(json, "match") ?? throw new FormatException("it has no match"),
            Origin = source,
            ContextWindow = PriceFile.Count(json, "context_window"),
        };
        if (!json.TryGetProperty("prices", out JsonElement prices))
        {
            throw new FormatException("it has no prices");
        }

        IEnumerable<ModelPricing?> read = prices.ValueKind == JsonValueKind.Array
            ? prices.EnumerateArray().Select(item => ReadPrice(
                item.ValueKind == JsonValueKind.Object && item.TryGetProperty("prices", out JsonElement own)
                    ? own
                    : throw new FormatException("one of its prices has no \"prices\""),
                model,
                ReadConstraint(item)))
            : [ReadPrice(prices, model, default)];
        return model with { Prices = [.. read.OfType<ModelPricing>()] };
    }

    /// <summary>A model that is paid by the hour, the page or the image only has no price for tokens. One without any prices is free.</summary>
    private static ModelPricing? ReadPrice(JsonElement json, CatalogModel model, Constraint constraint)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"prices is {PriceFile.Shown(json)}, which are not prices");
        }

        bool free = !json.EnumerateObject().Any();
        PriceTier? list = ReadTier(json, free, null);
        if (list is null)
        {
            return null;
        }

        long[] starts = [.. json.EnumerateObject()
            .Where(price => price.Value.ValueKind == JsonValueKind.Object && price.Value.TryGetProperty("tiers", out _))
            .SelectMany(
                price => price.Value.GetProperty("tiers")
                    .EnumerateArray()
                    .Select(tier => PriceFile.Count(tier, "start") ?? throw new FormatException("a tier has no start")))
            .Distinct().Order()];
        return new ModelPricing(model.Provider, model.Id, list.InputPrice, list.OutputPrice, list.CacheReadPrice, list.CacheWritePrice, "")
        {
            CacheWrite1hPrice = list.CacheWrite1hPrice,
            SearchPrice = Price(json, "web_searches_kcount", null),
            AudioInputPrice = Price(json, "input_audio_mtok", null),
            AudioOutputPrice = Price(json, "output_audio_mtok", null),
            AudioCacheReadPrice = Price(json, "cache_audio_read_mtok", null),
            ImageInputPrice = Price(json, "input_image_mtok", null),
            ImageOutputPrice = Price(json, "output_image_mtok", null),
            ValidFrom = constraint.From,
            DailyFrom = constraint.DailyFrom,
            DailyUntil = constraint.DailyUntil,
            Tiers = [.. starts.Select(start => ReadTier(json, free, start)!)],
        };
    }

    private static PriceTier? ReadTier(JsonElement json, bool free, long? start)
    {
        decimal? input = Price(json, "input_mtok", start);
        decimal? output = Price(json, "output_mtok", start);
        if (free)
        {
            return new PriceTier(ServiceTier.Standard, 0, 0, 0, 0, 0, 0);
        }

        return input is null && output is null ? null : new PriceTier(
            ServiceTier.Standard,
            Above(start ?? 0),
            input ?? 0,
            output ?? 0,
            Price(json, "cache_read_mtok", start),
            Price(json, "cache_write_mtok", start),
            Price(json, "cache_write_1h_mtok", start));
    }

    /// <summary>
    /// OpenAI's tables say "above 272K input tokens"; the files have 271,999 for its older models and 272,000 for its newer ones.
    /// </summary>
    private static long Above(long start) => start == 271_999 ? 272_000 : start;

    /// <summary>A price is a number, or a base with tiers by the request's input, each from more than its start on.</summary>
    private static decimal? Price(JsonElement json, string name, long? start)
    {
        if (!json.TryGetProperty(name, out JsonElement price) || price.ValueKind != JsonValueKind.Object)
        {
            return PriceFile.Amount(json, name);
        }

        decimal? amount = PriceFile.Amount(price, "base") ?? throw new FormatException($"{name} has no base");
        if (start is { } above && price.TryGetProperty("tiers", out JsonElement tiers))
        {
            foreach (JsonElement tier in tiers.EnumerateArray())
            {
                amount = PriceFile.Count(tier, "start") <= above ? PriceFile.Amount(tier, "price") : amount;
            }
        }

        return amount;
    }

    private static Constraint ReadConstraint(JsonElement json)
    {
        if (!json.TryGetProperty("constraint", out JsonElement constraint) || constraint.ValueKind == JsonValueKind.Null)
        {
            return default;
        }

        // Its JavaScript package says what kind of constraint it is; the files of its repository do not.
        string[] members = constraint.ValueKind == JsonValueKind.Object
            ? [.. constraint.EnumerateObject().Select(member => member.Name).Where(name => name != "type").Order(StringComparer.Ordinal)]
            : [];
        return string.Join(' ', members) switch
        {
            "start_date" => new Constraint(Date(constraint, "start_date"), null, null),
            "end_time start_time" => new Constraint(null, Time(constraint, "start_time"), Time(constraint, "end_time")),
            _ => throw new FormatException($"its prices depend on {PriceFile.Shown(constraint)}, which this Opi does not know"),
        };
    }

    private static DateTimeOffset Date(JsonElement json, string name) => DateTimeOffset.ParseExact(
        PriceFile.Text(json, name) ?? "", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static TimeOnly Time(JsonElement json, string name) =>
        TimeOnly.ParseExact(PriceFile.Text(json, name) ?? "", "HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static ModelRule? ReadRule(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out JsonElement rule) || rule.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var read = ModelRule.Read(rule);
        read.Validate();
        return read;
    }

    private readonly record struct Constraint(DateTimeOffset? From, TimeOnly? DailyFrom, TimeOnly? DailyUntil);
}
