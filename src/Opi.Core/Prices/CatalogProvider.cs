namespace Opi;

/// <summary>A provider of the catalogue. Its models are read when one is asked for.</summary>
internal sealed class CatalogProvider
{
    private readonly Lazy<IReadOnlyList<CatalogModel>> _models;

    public CatalogProvider(string id, Func<CatalogProvider, IReadOnlyList<CatalogModel>> models)
    {
        Id = id;
        _models = new(() => models(this));
    }

    /// <summary>Its id, in genai-prices' naming where that has it.</summary>
    public string Id { get; }

    /// <summary>Which names of providers are its, beside the id; null for no others.</summary>
    public ModelRule? ProviderRule { get; init; }

    /// <summary>Which names of models are probably its; null when none is.</summary>
    public ModelRule? MakerRule { get; init; }

    /// <summary>The providers whose prices it has for models it does not list.</summary>
    public IReadOnlyList<string> Fallbacks { get; init; } = [];

    /// <summary>Its models, in the order in which their rules are tried.</summary>
    public IReadOnlyList<CatalogModel> Models => _models.Value;

    /// <summary>The same provider with other models, and with other names where they are given.</summary>
    public CatalogProvider With(IReadOnlyList<CatalogModel> models, ModelRule? providerRule = null) => new(Id, _ => models)
    {
        ProviderRule = providerRule ?? ProviderRule,
        MakerRule = MakerRule,
        Fallbacks = Fallbacks,
    };
}
