namespace Opi;

/// <summary>A model of the catalogue: its names, what it can take and what it costs.</summary>
/// <param name="Provider">The provider's id.</param>
/// <param name="Id">Its name.</param>
/// <param name="Rule">Which other names are its; null for none.</param>
internal sealed record CatalogModel(string Provider, string Id, ModelRule? Rule)
{
    /// <summary>Which of the catalogue's sources it is from: the newest that has its price.</summary>
    public CatalogSource? Origin { get; init; }

    /// <summary>How many tokens a request can have; null when not known.</summary>
    public long? ContextWindow { get; init; }

    /// <summary>How many tokens an answer can have; null when not known.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>The prices, of which the last that is valid at a time counts; none when not known.</summary>
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

    /// <summary>The names that are exactly its, in lower case.</summary>
    public IEnumerable<string> ExactNames => (Rule?.ExactNames ?? []).Prepend(LowerCase.Of(Id)).Distinct();

    /// <summary>Why a name is its, for people; null when it is not.</summary>
    /// <param name="name">The name in lower case.</param>
    /// <param name="exactly">Whether only its exact names count, else only the others.</param>
    public string? Matches(string name, bool exactly)
    {
        if (!exactly)
        {
            return Rule?.Match(name, isModel: true)?.ToString();
        }

        foreach (string own in ExactNames)
        {
            if (own == name)
            {
                return $"equals '{name}'";
            }
        }

        return null;
    }
}
