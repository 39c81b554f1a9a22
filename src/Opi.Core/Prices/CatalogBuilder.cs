using System.Text.Json;

namespace Opi;

/// <summary>
/// Builds a catalogue of price files. genai-prices has the names, the dates and the tiers. LiteLLM adds what that lacks: windows, other
/// rates, and models that it does not have.
/// </summary>
internal static class CatalogBuilder
{
    private const string GenaiLicence = "MIT License, Copyright (c) Pydantic Services Inc. 2025 to present";
    private const string LiteLlmLicence = "MIT License, Copyright (c) 2023 Berri AI";

    // Names that agents use for providers, beside those in the files.
    private static readonly Dictionary<string, string> ProviderNames = new()
    {
        ["azure"] = """{"or":[{"equals":"azure_openai"},{"equals":"azure-openai"},{"equals":"azure-openai-responses"}]}""",
        ["fireworks"] = """{"or":[{"equals":"fireworks_ai"},{"equals":"fireworks-ai"}]}""",
        ["zai"] = """{"or":[{"equals":"z.ai"},{"equals":"z-ai"}]}""",
    };

    // Half of everything: https://platform.claude.com/docs/en/build-with-claude/batch-processing#pricing
    private const string HalfInBatches = "anthropic";
    private const decimal Half = 0.5m;

    /// <summary>Builds a catalogue of the price files.</summary>
    /// <exception cref="PriceEntryException">An entry is not as it must be.</exception>
    /// <exception cref="FormatException">A file is no price file.</exception>
    /// <param name="files">The files, each with the date of its data.</param>
    /// <param name="frame">Whose providers name the models of LiteLLM where genai-prices is not among the files; null for none.</param>
    public static Catalog Build(IReadOnlyList<(JsonElement Root, string Version)> files, Catalog? frame = null)
    {
        var sources = new List<CatalogSource>();
        IReadOnlyList<CatalogProvider> providers = frame is null ? [] : [.. frame.Providers.Select(provider => provider.With([]))];
        IReadOnlyList<LiteLlmModel> others = [];
        string othersOrigin = "";
        foreach ((JsonElement root, string version) in files)
        {
            if (GenaiPrices.IsKindOf(root))
            {
                sources.Add(new CatalogSource(GenaiPrices.Name, version, GenaiLicence));
                providers = [.. GenaiPrices.Read(root, sources[^1].ToString()).Select(WithNames)];
            }
            else if (LiteLlmPrices.IsKindOf(root))
            {
                sources.Add(new CatalogSource(LiteLlmPrices.Name, version, LiteLlmLicence));
                others = LiteLlmPrices.Read(root);
                othersOrigin = sources[^1].ToString();
            }
            else
            {
                throw new FormatException("it has neither the providers of genai-prices nor the models of LiteLLM");
            }
        }

        return Merge(new Catalog(sources, providers, new Dictionary<string, string>()), others, othersOrigin);
    }

    private static CatalogProvider WithNames(CatalogProvider provider)
    {
        if (provider.ProviderRule is not null || !ProviderNames.TryGetValue(provider.Id, out string? names))
        {
            return provider;
        }

        using JsonDocument document = JsonDocument.Parse(names);
        return provider.With(provider.Models, ModelRule.Read(document.RootElement));
    }

    private static Catalog Merge(Catalog catalog, IReadOnlyList<LiteLlmModel> others, string origin)
    {
        var groups = new SortedDictionary<string, List<(string Name, LiteLlmModel Model)>>(StringComparer.Ordinal);
        var bare = new Dictionary<string, string>();
        foreach (LiteLlmModel model in others.OrderBy(model => model.Name, StringComparer.Ordinal))
        {
            int slash = model.Name.IndexOf('/', StringComparison.Ordinal);
            string first = model.Name[..Math.Max(slash, 0)];
            // vertex_ai/ of vertex_ai-anthropic_models
            bool prefixed = slash > 0 && Same(model.Provider).StartsWith(Same(first), StringComparison.Ordinal);
            string provider = ProviderOf(catalog, prefixed ? first : model.Provider);
            string name = prefixed ? model.Name[(slash + 1)..] : model.Name;
            if (!groups.TryGetValue(provider, out List<(string, LiteLlmModel)>? group))
            {
                groups.Add(provider, group = []);
            }

            group.Add((name, model));
            if (!prefixed)
            {
                bare.TryAdd(LowerCase.Of(name), provider);
            }
        }

        var providers = new List<CatalogProvider>();
        foreach (CatalogProvider provider in catalog.Providers)
        {
            providers.Add(provider.With(Merge(provider, groups.GetValueOrDefault(provider.Id) ?? [], origin)));
            groups.Remove(provider.Id);
        }

        foreach ((string id, List<(string, LiteLlmModel)> group) in groups)
        {
            var provider = new CatalogProvider(id, _ => []);
            providers.Add(provider.With(Merge(provider, group, origin)));
        }

        // A name is kept here only where nothing else leads to its entry.
        providers.RemoveAll(provider => provider.Models.Count == 0);
        var merged = new Catalog(catalog.Sources, providers, new Dictionary<string, string>());
        return new Catalog(
            catalog.Sources,
            providers,
            bare.Where(
                pair => !merged.Matches(pair.Key).Any()
                    && merged.Matches($"{pair.Value}:{pair.Key}").Any()).ToDictionary(pair => pair.Key, pair => pair.Value));
    }

    private static string ProviderOf(Catalog catalog, string text) => catalog.FindProvider(LowerCase.Of(text))?.Id ?? Same(text);

    private static string Same(string provider) => LowerCase.Of(provider).Replace('_', '-');

    /// <summary>A provider's models with what the others tell of them, and the others' models that it does not have.</summary>
    private static List<CatalogModel> Merge(CatalogProvider provider, List<(string Name, LiteLlmModel Model)> others, string origin)
    {
        var facts = new Dictionary<CatalogModel, List<(string Name, LiteLlmModel Model)>>(ReferenceEqualityComparer.Instance);
        var regional = new Dictionary<string, CatalogModel>();
        var added = new Dictionary<string, CatalogModel>();
        foreach ((string name, LiteLlmModel other) in others)
        {
            CatalogModel? known = provider.Models.FirstOrDefault(model => model.Rule.Match(LowerCase.Of(name)) is not null);
            bool isRegional = known is not null
                && name.Contains('/', StringComparison.Ordinal)
                && other.Price is { } price
                && !known.Prices.Any(own => SameBase(own, price));
            if (known is not null && !isRegional)
            {
                if (!facts.TryGetValue(known, out List<(string, LiteLlmModel)>? list))
                {
                    facts.Add(known, list = []);
                }

                list.Add((name, other));
            }
            else if (other.Price is not null || other.ContextWindow is not null)
            {
                Dictionary<string, CatalogModel> models = isRegional ? regional : added;
                if (!models.TryGetValue(LowerCase.Of(name), out CatalogModel? first) || (first.Prices.Count == 0 && other.Price is not null))
                {
                    models[LowerCase.Of(name)] = Make(provider.Id, name, other, origin);
                }
            }
        }

        IEnumerable<CatalogModel> own = provider.Models.Select(
            model => facts.TryGetValue(model, out List<(string, LiteLlmModel)>? told) ? Fill(model, told) : model);
        return
        [
            .. regional.Values.OrderBy(model => model.Id, StringComparer.Ordinal),
            .. provider.Id == HalfInBatches ? own.Select(WithBatches) : own,
            .. added.Values.OrderBy(model => model.Id, StringComparer.Ordinal),
        ];
    }

    private static CatalogModel Make(string provider, string name, LiteLlmModel other, string origin) =>
        new(provider, name, ModelRule.For(name), origin)
        {
            ContextWindow = other.ContextWindow,
            MaxOutputTokens = other.MaxOutputTokens,
            Prices = other.Price is { } price ? [price with { Provider = provider, Model = name }] : [],
        };

    /// <summary>A model with what the others tell of it. The one with its very name is asked first.</summary>
    private static CatalogModel Fill(CatalogModel model, List<(string Name, LiteLlmModel Model)> told)
    {
        LiteLlmModel[] others = [.. told
            .OrderByDescending(other => string.Equals(other.Name, model.Id, StringComparison.OrdinalIgnoreCase))
            .ThenByDescending(other => other.Model.Name == other.Name)
            .ThenBy(other => other.Name.Length)
            .ThenBy(other => other.Name, StringComparer.Ordinal)
            .Select(other => other.Model)];
        ModelPricing[] prices = [.. others.Select(other => other.Price).OfType<ModelPricing>()];
        return model with
        {
            ContextWindow = others.Select(other => other.ContextWindow).FirstOrDefault(window => window > 0) ?? model.ContextWindow,
            MaxOutputTokens = others.Select(other => other.MaxOutputTokens).FirstOrDefault(most => most > 0),
            Prices = [.. model.Prices.Select(price => prices.Where(other => SameBase(price, other)).Aggregate(price, Fill))],
        };
    }

    /// <summary>A price with what another of the same input and output price has beside them.</summary>
    internal static ModelPricing Fill(ModelPricing price, ModelPricing other) => price with
    {
        CacheReadPrice = price.CacheReadPrice ?? other.CacheReadPrice,
        CacheWritePrice = price.CacheWritePrice ?? other.CacheWritePrice,
        CacheWrite1hPrice = price.CacheWrite1hPrice ?? other.CacheWrite1hPrice,
        SearchPrice = price.SearchPrice ?? other.SearchPrice,
        Tiers =
        [
            .. price.Tiers,
            .. other.Tiers.Where(tier => tier.Tier != ServiceTier.Standard
                && !price.Tiers.Any(own => own.Tier == tier.Tier)
                && (tier.AboveInputTokens == 0 || price.Tiers.Any(own => own.Tier == ServiceTier.Standard))),
        ],
    };

    /// <summary>Whether two have the same price for input and for output.</summary>
    internal static bool SameBase(ModelPricing one, ModelPricing other) => one.InputPrice == other.InputPrice && one.OutputPrice == other.OutputPrice;

    private static CatalogModel WithBatches(CatalogModel model) => model with
    {
        Prices = [.. model.Prices.Select(price => price with
        {
            Tiers =
            [
                .. price.Tiers.Where(tier => tier.Tier != ServiceTier.Batch),
                .. price.Tiers.Where(tier => tier.Tier == ServiceTier.Standard).Prepend(price.ListPrices)
                    .Select(tier => LiteLlmPrices.Times(tier, Half) with { Tier = ServiceTier.Batch }),
            ],
        })],
    };
}
