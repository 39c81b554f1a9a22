namespace Opi;

/// <summary>Makes rows of drafts: gives them their cost, and counts those whose model has no price.</summary>
internal sealed class UsageRows(PricingCatalog catalog)
{
    private readonly UsagePricer _pricer = new(catalog);
    private readonly SortedDictionary<string, int> _unpriced = new(StringComparer.Ordinal);

    /// <summary>The models without a price, and how many responses each gave.</summary>
    public IReadOnlyDictionary<string, int> Unpriced => _unpriced;

    /// <summary>
    /// The row, with its cost as <see cref="UsagePricer"/> finds it.
    /// </summary>
    public OpiUsage Make(UsageDraft draft)
    {
        UsageCounts counts = draft.Counts;
        var row = new OpiUsage
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
            IsSidechain = draft.IsSidechain,
            Tier = draft.Tier,
            WebSearches = draft.WebSearches,
            Billing = draft.Billing,
            ResponseId = draft.ResponseId,
            Path = draft.Path,
            Key = draft.Key,
            Turn = draft.Turn,
            IsKnown = draft.IsKnown,
            LoggedCost = draft.LoggedCost,
        };
        UsageCost cost = _pricer.CostOf(row);
        if (!cost.IsComplete)
        {
            string spec = _pricer.ModelOf(row) ?? "";
            _unpriced[spec] = _unpriced.GetValueOrDefault(spec) + 1;
        }

        return row with
        {
            Cost = draft.IsKnown && cost.IsComplete ? cost.Known : null,
            KnownCost = draft.IsKnown ? cost.Known : 0,
            CostSource = draft.IsKnown ? cost.Source : CostSource.None,
            Priced = cost.IsComplete,
        };
    }
}
