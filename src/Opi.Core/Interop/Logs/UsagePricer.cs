namespace Opi;

/// <summary>Makes rows of drafts: gives them their cost, and counts those whose model has no price.</summary>
internal sealed class UsagePricer(PricingCatalog catalog)
{
    private readonly Dictionary<(string Spec, DateOnly Day), ModelPricing?> _prices = [];
    private readonly SortedDictionary<string, int> _unpriced = new(StringComparer.Ordinal);

    /// <summary>The models without a price, and how many responses each gave.</summary>
    public IReadOnlyDictionary<string, int> Unpriced => _unpriced;

    /// <summary>
    /// The row. Its cost is the catalogue's; where the catalogue has no price of the model, the one that the log itself has; else null.
    /// </summary>
    public OpiUsage Price(UsageDraft draft)
    {
        string spec = draft.Spec ?? "";
        ModelPricing? price = Find(spec, draft.Timestamp);
        decimal? logged = draft.LoggedCost > 0 ? draft.LoggedCost : null;
        bool priced = price is not null || logged is not null;
        if (!priced)
        {
            _unpriced[spec] = _unpriced.GetValueOrDefault(spec) + 1;
        }

        UsageCounts counts = draft.Counts;
        return new OpiUsage
        {
            Timestamp = draft.Timestamp,
            Source = draft.Source,
            SessionId = draft.SessionId,
            Project = draft.Project,
            Model = draft.Model,
            Provider = draft.Provider,
            InputTokens = counts.Input,
            OutputTokens = counts.Output,
            CacheReadTokens = counts.CacheRead,
            CacheWriteTokens = counts.CacheWrite,
            CacheWrite1hTokens = counts.CacheWrite1h,
            ReasoningTokens = counts.Reasoning,
            TotalTokens = counts.Total,
            Cost = !draft.IsKnown ? null : price is null ? logged : price.CostOf(counts.ToUsage(), new BillingTerms(draft.Tier, draft.WebSearches)).TotalCost,
            Priced = priced,
            IsSidechain = draft.IsSidechain,
            Tier = draft.Tier,
            WebSearches = draft.WebSearches,
            ResponseId = draft.ResponseId,
            Path = draft.Path,
            Key = draft.Key,
            Turn = draft.Turn,
            IsKnown = draft.IsKnown,
        };
    }

    private ModelPricing? Find(string spec, DateTimeOffset? at)
    {
        (string, DateOnly) key = (spec, DateOnly.FromDateTime(at.GetValueOrDefault().UtcDateTime));
        if (!_prices.TryGetValue(key, out ModelPricing? price))
        {
            _prices.Add(key, price = catalog.Find(spec, at));
        }

        return price;
    }
}
