namespace Opi;

/// <summary>A provider of a catalogue that is being built.</summary>
internal sealed class ProviderDraft(string id)
{
    private readonly Dictionary<string, CatalogModel> _byName = new(StringComparer.Ordinal);
    private readonly List<CatalogModel> _models = [];

    /// <summary>Its id, in genai-prices' naming where that has it.</summary>
    public string Id => id;

    /// <summary>Other names of the provider besides the id; null for none.</summary>
    public ModelRule? ProviderRule { get; set; }

    /// <summary>Which names of models are probably its; null when none is.</summary>
    public ModelRule? MakerRule { get; set; }

    /// <summary>The providers whose prices it has for models that it does not list.</summary>
    public IReadOnlyList<string> Fallbacks { get; set; } = [];

    /// <summary>Whether it sells the models of many makers at about their prices.</summary>
    public bool IsGateway { get; set; }

    /// <summary>Its models, in the order in which their rules are tried.</summary>
    public IReadOnlyList<CatalogModel> Models => _models;

    /// <summary>The names that are exactly a model's, in lower case.</summary>
    public static IEnumerable<string> NamesOf(CatalogModel model) =>
        model.Names.Concat(model.Rule?.ExactNames ?? []).Prepend(LowerCase.Of(model.Id)).Distinct();

    public CatalogModel? Find(string name) => FindExactly(name)
        ?? _models.Find(model => model.Rule?.Match(LowerCase.Of(name), isModel: true) is not null);

    public CatalogModel? FindExactly(string name) => _byName.GetValueOrDefault(LowerCase.Of(name));

    /// <summary>Adds a model. A name that another has already stays with that.</summary>
    public void Add(CatalogModel model)
    {
        _models.Add(model);
        foreach (string name in NamesOf(model))
        {
            _byName.TryAdd(name, model);
        }
    }

    /// <summary>Adds a model that takes its names away from others.</summary>
    public void AddBefore(CatalogModel model)
    {
        _models.Insert(0, model);
        foreach (string name in NamesOf(model))
        {
            _byName[name] = model;
        }
    }

    public CatalogModel Replace(CatalogModel old, CatalogModel model)
    {
        _models[_models.FindIndex(other => ReferenceEquals(other, old))] = model;
        foreach (string name in NamesOf(model))
        {
            if (!_byName.TryGetValue(name, out CatalogModel? owner) || ReferenceEquals(owner, old))
            {
                _byName[name] = model;
            }
        }

        return model;
    }
}
