namespace Opi;

/// <summary>All prices that a model's name leads to, found once and remembered.</summary>
/// <param name="own">The user's own prices of it, in the order in which they are tried.</param>
/// <param name="model">Its entry in the catalogue; null when there is none.</param>
/// <param name="source">The source of that entry's price.</param>
/// <param name="local">The price of a server on this machine; null for any other.</param>
internal sealed class PriceLookup(ModelPricing[] own, CatalogModel? model, CostSource source, ModelPricing? local)
{
    public CatalogModel? Model => model;

    public ModelPricing? PriceAt(DateTimeOffset at, out CostSource from)
    {
        if (OwnAt(at) is { } price)
        {
            from = CostSource.Own;
            return price;
        }

        from = local is not null ? CostSource.Local : source;
        price = local ?? model?.PriceAt(at);
        from = price is null ? CostSource.None : from;
        return price;
    }

    public ModelPricing? OwnAt(DateTimeOffset at)
    {
        foreach (ModelPricing price in own)
        {
            if (price.IsValidAt(at))
            {
                return price;
            }
        }

        return null;
    }

    /// <summary>The same entry where what it costs is not known.</summary>
    public PriceLookup WithoutPrices() => new([], model is null ? null : model with { Prices = [] }, CostSource.None, null);

    /// <summary>
    /// The prices up to a time, for a response whose time is not known: all that could apply. None when
    /// there is only one.
    /// </summary>
    public IReadOnlyList<ModelPricing> PricesUntil(DateTimeOffset now)
    {
        IReadOnlyList<ModelPricing> all = own.Length > 0 ? own : local is null && model is not null ? model.Prices : [];
        return all.Count < 2 ? [] : [.. all.Where(price => price.ValidFrom is null || price.ValidFrom <= now)];
    }
}
