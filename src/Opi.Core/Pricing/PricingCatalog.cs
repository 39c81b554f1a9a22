using System.Collections.Concurrent;

namespace Opi;

/// <summary>
/// The prices and windows of models: the user's own, then the catalogue, then opi's table for names that the catalogue lacks. A catalogue
/// does not change; one that is asked for later has what changed meanwhile.
/// </summary>
public sealed class PricingCatalog
{
    private const int MaxRemembered = 10_000;
    private const string BuiltInSource = "Catalog";
    private static readonly Lazy<Catalog> BuiltIn = new(LoadBuiltIn);
    private static readonly Lazy<PricingCatalog> Loaded = new(() => new PricingCatalog());

    private readonly Lazy<Catalog> _catalog = BuiltIn;
    private readonly ConcurrentDictionary<string, CatalogModel?> _found = new(StringComparer.Ordinal);

    /// <summary>The prices in force; read at their first use.</summary>
    public static PricingCatalog Default => Loaded.Value;

    /// <summary>All models that have a price, as <c>provider:model</c>: by provider as in the catalogue, and the latest first, as far as names tell.</summary>
    public IEnumerable<string> Models => _catalog.Value.Providers.SelectMany(provider => provider.Models
        .Where(model => model.Prices.Count > 0)
        .OrderByDescending(model => model.Id, StringComparer.Ordinal)
        .Select(model => $"{model.Provider}:{model.Id}"));

    private IEnumerable<CatalogModel> Entries => _catalog.Value.Providers.SelectMany(provider => provider.Models);

    /// <summary>All prices in force at a time, by provider and model.</summary>
    /// <param name="at">The time; null for now.</param>
    public IReadOnlyList<ModelPricing> PricesAt(DateTimeOffset? at = null)
    {
        DateTimeOffset time = at ?? DateTimeOffset.UtcNow;
        return [.. Entries.Select(model => model.PriceAt(time)).OfType<ModelPricing>()
            .Concat(SeedPricing.Default.Prices)
            .OrderBy(price => price.Provider, StringComparer.Ordinal)
            .ThenBy(price => price.Model, StringComparer.Ordinal)];
    }

    /// <summary>The price of a model; null when nobody knows it, which is not the same as free.</summary>
    /// <param name="modelSpec">The model as <c>provider:model</c>, or in another spelling that is in use; upper and lower case are the same.</param>
    /// <param name="at">When the response came, since prices change; null for now.</param>
    public ModelPricing? Find(string? modelSpec, DateTimeOffset? at = null) =>
        FindModel(modelSpec)?.PriceAt(at ?? DateTimeOffset.UtcNow) ?? SeedPricing.Default.Find(modelSpec);

    /// <summary>How many tokens a model's context can have; null when the catalogue does not know.</summary>
    /// <param name="modelSpec">The model as in <see cref="Find"/>.</param>
    public long? ContextWindow(string? modelSpec) => FindModel(modelSpec)?.ContextWindow;

    /// <summary>The entries that a name leads to. The first is the one in force; there are more where the name is ambiguous.</summary>
    /// <param name="modelSpec">The model as in <see cref="Find"/>.</param>
    public IEnumerable<ModelMatch> Matches(string modelSpec) => _catalog.Value.Matches(modelSpec);

    private CatalogModel? FindModel(string? modelSpec)
    {
        if (string.IsNullOrEmpty(modelSpec))
        {
            return null;
        }

        if (!_found.TryGetValue(modelSpec, out CatalogModel? model))
        {
            model = _catalog.Value.Matches(modelSpec).FirstOrDefault()?.Model;
            if (_found.Count < MaxRemembered)
            {
                _found.TryAdd(modelSpec, model);
            }
        }

        return model;
    }

    private static Catalog LoadBuiltIn()
    {
        using Stream stream = typeof(PricingCatalog).Assembly.GetManifestResourceStream("catalog.jsonl")!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return CatalogFormat.Read(bytes, BuiltInSource);
    }
}
