using System.Globalization;
using System.IO.Enumeration;
using System.Text.Json;

namespace Opi.CatalogTool;

/// <summary>
/// What the price files lack or have wrong, each with its source: names of providers, rates, prices with their dates. It goes over what
/// they say.
/// </summary>
internal sealed class Additions
{
    private readonly JsonElement _root;

    private Additions(JsonElement root, Catalog frame)
    {
        _root = root;
        Frame = frame;
    }

    /// <summary>The names of providers, and whose models they sell.</summary>
    public Catalog Frame { get; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="FormatException">It is not as it must be.</exception>
    public static Additions Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(
            File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        JsonElement root = document.RootElement.Clone();
        var draft = new CatalogDraft();
        draft.Sources.Add(new CatalogSource("additions", "", ""));
        foreach (JsonElement json in Items(root, "providers"))
        {
            ProviderDraft provider = draft.GetOrAdd(Need(json, "id"));
            provider.ProviderRule = json.TryGetProperty("names", out JsonElement names) ? ModelRule.Read(names) : null;
            provider.MakerRule = json.TryGetProperty("maker", out JsonElement maker) ? ModelRule.Read(maker) : null;
            provider.Fallbacks = [.. Texts(json, "fallbacks")];
            provider.IsGateway = json.TryGetProperty("gateway", out JsonElement gateway) && gateway.GetBoolean();
        }

        return new Additions(root, new Catalog(CatalogWriter.ToBytes(draft), ""));
    }

    /// <summary>Whether a list is not to change a price that is known, or to add one.</summary>
    public bool Keeps(CatalogSource source, string provider, string model) =>
        Items(_root, "keep").Any(item => Need(item, "source") == source.Name && IsFor(item, provider, model));

    /// <summary>Why a model has no price; null when nothing is said.</summary>
    public string? ReasonFor(string provider, string model) => Items(_root, "reasons").Concat(Items(_root, "keep"))
        .Where(item => IsFor(item, provider, model)).Select(item => Need(item, "why")).FirstOrDefault();

    /// <summary>Puts all of it into a catalogue.</summary>
    public void Apply(CatalogDraft draft)
    {
        foreach (JsonElement item in Items(_root, "dates"))
        {
            _ = Need(item, "why");
            (DateTimeOffset? was, DateTimeOffset? from) = (DateOf(item, "was"), DateOf(item, "from"));
            Change(draft, item, price => price.ValidFrom == was ? price with { ValidFrom = from } : price);
        }

        foreach (JsonElement item in Items(_root, "prices"))
        {
            _ = Need(item, "why");
            AddPrice(draft, item);
        }

        foreach (JsonElement item in Items(_root, "cachedAtFullPrice"))
        {
            _ = Need(item, "why");
            Change(draft, item, price => price with
            {
                CacheReadPrice = price.InputPrice,
                Tiers = [.. price.Tiers.Select(tier => tier with { CacheReadPrice = tier.InputPrice })],
            });
        }

        foreach (JsonElement item in Items(_root, "large"))
        {
            _ = Need(item, "why");
            (long above, decimal input, decimal output) =
                (item.GetProperty("above").GetInt64(), item.GetProperty("input").GetDecimal(), item.GetProperty("output").GetDecimal());
            Change(draft, item, price => price with
            {
                Tiers =
                [
                    price.ListPrices.Times(input) with { AboveInputTokens = above, OutputPrice = PriceFile.Tidy(price.OutputPrice * output) },
                    .. price.Tiers.Where(tier => tier.Tier != ServiceTier.Standard),
                ],
            });
        }

        foreach (JsonElement item in Items(_root, "rates"))
        {
            _ = Need(item, "why");
            ServiceTier rate = Enum.Parse<ServiceTier>(Need(item, "rate"), ignoreCase: true);
            decimal times = item.GetProperty("times").GetDecimal();
            bool isInstead = item.TryGetProperty("replace", out JsonElement replace) && replace.GetBoolean();
            Change(draft, item, price => PriceMerge.WithRate(
                isInstead ? price with { Tiers = [.. price.Tiers.Where(tier => tier.Tier != rate)] } : price, rate, times));
        }

        foreach (JsonElement item in Items(_root, "us"))
        {
            _ = Need(item, "why");
            decimal times = item.GetProperty("times").GetDecimal();
            Change(draft, item, price => price with { UsInferenceFactor = times });
        }
    }

    private static void AddPrice(CatalogDraft draft, JsonElement item)
    {
        ProviderDraft provider = draft.GetOrAdd(Need(item, "provider"));
        string id = Need(item, "model");
        CatalogModel? known = provider.FindExactly(id);
        CatalogModel model = known ?? new CatalogModel(provider.Id, id) { Origin = draft.Sources[^1] };
        bool isNew = known is null || item.TryGetProperty("replace", out _);
        List<ModelPricing> prices = [.. isNew ? [] : model.Prices];
        DateTimeOffset? from = DateOf(item, "from");
        if (PriceFile.Text(item, "like") is { } like)
        {
            (string likeProvider, string likeModel) = ModelName.Split(like);
            CatalogModel other = draft.GetOrAdd(likeProvider).FindExactly(likeModel) ?? throw new FormatException($"{id}: there is no {like}");
            model = model with { ContextWindow = other.ContextWindow, MaxOutputTokens = other.MaxOutputTokens, Origin = other.Origin };
            prices.AddRange(Since(other, from).Select(price => price with { Provider = provider.Id, Model = id }));
        }
        else
        {
            ModelPricing price = ReadPrice(item, provider.Id, id, from);
            prices.Add(known is { Prices.Count: > 0 } ? PriceMerge.WithRatesOf(price, known.Prices[^1]) : price);
        }

        if (known is null)
        {
            provider.Add(model with { Prices = prices });
        }
        else if (string.Equals(known.Id, id, StringComparison.OrdinalIgnoreCase))
        {
            provider.Replace(known, model with { Prices = prices });
        }
        else
        {
            // It was one of several names of another model, and has a price of its own from now on.
            provider.AddBefore(new CatalogModel(provider.Id, id)
            {
                Origin = model.Origin,
                ContextWindow = model.ContextWindow,
                MaxOutputTokens = model.MaxOutputTokens,
                Prices = [.. prices.Select(price => price with { Model = id })],
            });
        }
    }

    /// <summary>The prices of another model from a date on; the one of that date counts from then.</summary>
    private static IEnumerable<ModelPricing> Since(CatalogModel other, DateTimeOffset? from)
    {
        if (from is not { } date)
        {
            return other.Prices;
        }

        ModelPricing[] later = [.. other.Prices.Where(price => price.ValidFrom >= date)];
        return later.Any(price => price.ValidFrom == date)
            ? later
            : later.Prepend(other.Prices.Last(price => price.ValidFrom is null || price.ValidFrom < date) with { ValidFrom = date });
    }

    private static ModelPricing ReadPrice(JsonElement json, string provider, string id, DateTimeOffset? from)
    {
        PriceTier list = ReadTier(json, 0);
        string[] daily = [.. Texts(json, "daily")];
        return new ModelPricing(provider, id, list.InputPrice, list.OutputPrice, list.CacheReadPrice, list.CacheWritePrice, "")
        {
            CacheWrite1hPrice = list.CacheWrite1hPrice,
            ValidFrom = from,
            DailyFrom = daily.Length == 2 ? TimeOnly.ParseExact(daily[0], "HH:mm", CultureInfo.InvariantCulture) : null,
            DailyUntil = daily.Length == 2 ? TimeOnly.ParseExact(daily[1], "HH:mm", CultureInfo.InvariantCulture) : null,
            WeekdaysOnly = json.TryGetProperty("weekdays", out JsonElement weekdays) && weekdays.GetBoolean(),
            Tiers = json.TryGetProperty("above", out JsonElement above) ? [ReadTier(above, above.GetProperty("tokens").GetInt64())] : [],
        };
    }

    private static PriceTier ReadTier(JsonElement json, long above) => new(
        ServiceTier.Standard,
        above,
        PriceFile.Amount(json, "input") ?? throw new FormatException("an addition has no input price"),
        PriceFile.Amount(json, "output") ?? throw new FormatException("an addition has no output price"),
        PriceFile.Amount(json, "cacheRead"),
        PriceFile.Amount(json, "cacheWrite"),
        PriceFile.Amount(json, "cacheWrite1h"));

    private static void Change(CatalogDraft draft, JsonElement item, Func<ModelPricing, ModelPricing> change)
    {
        foreach (ProviderDraft provider in draft.Providers)
        {
            foreach (CatalogModel model in provider.Models.Where(model => IsFor(item, provider.Id, model.Id)).ToList())
            {
                provider.Replace(model, model with { Prices = [.. model.Prices.Select(change)] });
            }
        }
    }

    private static bool IsFor(JsonElement item, string provider, string model) =>
        FileSystemName.MatchesSimpleExpression(Need(item, "provider"), provider)
        && Texts(item, "models").Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, model))
        && !Texts(item, "except").Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, model));

    private static DateTimeOffset? DateOf(JsonElement json, string name) => PriceFile.Text(json, name) is { } date
        ? DateTimeOffset.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
        : null;

    private static string Need(JsonElement json, string name) =>
        PriceFile.Text(json, name) ?? throw new FormatException($"an addition has no '{name}'");

    private static IEnumerable<string> Texts(JsonElement json, string name) => Items(json, name).Select(item => item.GetString() ?? "");

    private static JsonElement[] Items(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];
}
