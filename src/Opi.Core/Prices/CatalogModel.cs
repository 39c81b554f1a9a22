namespace Opi;

/// <summary>A model of the catalogue: its names, what it can take and what it costs.</summary>
/// <param name="Provider">The provider's id.</param>
/// <param name="Id">Its name.</param>
/// <param name="Rule">Which names are its.</param>
/// <param name="Origin">Which of the catalogue's sources it is from.</param>
internal sealed record CatalogModel(string Provider, string Id, ModelRule Rule, string Origin)
{
    /// <summary>Its id is its name too, whatever the rule says.</summary>
    public ModelRule IdRule { get; } = ModelRule.For(Id);

    /// <summary>How many tokens a request can have; null when not known.</summary>
    public long? ContextWindow { get; init; }

    /// <summary>How many tokens an answer can have; null when not known.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>The prices, of which the last that is in force counts; none when not known.</summary>
    public IReadOnlyList<ModelPricing> Prices { get; init; } = [];

    /// <summary>The price at a time; null when there is none.</summary>
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
}
