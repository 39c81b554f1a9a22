namespace Opi;

/// <summary>A model of the catalogue: its names, what it can take and what it costs.</summary>
/// <param name="Provider">The provider's id.</param>
/// <param name="Id">Its name.</param>
internal sealed record CatalogModel(string Provider, string Id)
{
    private ModelRule? _rule;

    /// <summary>Which other names are its, besides <see cref="Names"/>; null for none.</summary>
    public ModelRule? Rule
    {
        get => _rule ??= RuleText.Length == 0 ? null : ModelRule.Parse(RuleText);
        init => _rule = value;
    }

    /// <summary>The text of the rule in the catalogue; most lookups do not need it, so it is parsed on demand.</summary>
    public string RuleText { get; init; } = "";

    /// <summary>The names that are exactly its, in lower case; the id's is one where there is no other.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Which of the catalogue's sources it is from: the newest that has its price.</summary>
    public CatalogSource? Origin { get; init; }

    /// <summary>How many tokens a request can have; null when not known.</summary>
    public long? ContextWindow { get; init; }

    public long? MaxOutputTokens { get; init; }

    /// <summary>The prices, of which the last that is valid at a time counts; none when not known.</summary>
    public IReadOnlyList<ModelPricing> Prices { get; init; } = [];

    public ModelPricing? PriceAt(DateTimeOffset at)
    {
        for (int i = Prices.Count - 1; i >= 0; i--)
        {
            if (Prices[i].IsValidAt(at))
            {
                return Prices[i];
            }
        }

        return null;
    }

    /// <summary>Whether a name is exactly its.</summary>
    /// <param name="name">The name in lower case.</param>
    public bool IsNamed(string name)
    {
        if (Id == name)
        {
            return true;
        }

        for (int i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name)
            {
                return true;
            }
        }

        return LowerCase.Of(Id) == name;
    }
}
