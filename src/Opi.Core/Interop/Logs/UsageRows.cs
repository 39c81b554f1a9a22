namespace Opi;

/// <summary>Makes rows of drafts: gives them their cost, and counts those whose model has no price.</summary>
internal sealed class UsageRows(PricingCatalog catalog)
{
    private readonly UsagePricer _pricer = new(catalog);
    private readonly SortedDictionary<string, int> _unpriced = new(StringComparer.Ordinal);

    /// <summary>The models without a price, and how many responses each gave.</summary>
    public IReadOnlyDictionary<string, int> Unpriced => _unpriced;

    /// <summary>
    /// The row. Its cost is the catalogue's; where the catalogue has no price of the model, the one that the log itself has; else null.
    /// </summary>
    public OpiUsage Make(UsageDraft draft)
    {
        UsageCounts counts = draft.Counts;
        string? model = _pricer.ModelOf(draft.Provider, draft.Model);
        var usage = new Usage(counts.Input, counts.Output, counts.CacheRead, counts.CacheWrite) { CacheWrite1hTokens = counts.CacheWrite1h };
        decimal? cost = _pricer.CostOf(model, draft.Timestamp, usage, draft.Tier, draft.WebSearches)?.TotalCost
            ?? (draft.LoggedCost > 0 ? draft.LoggedCost : null);
        if (cost is null)
        {
            _unpriced[model ?? ""] = _unpriced.GetValueOrDefault(model ?? "") + 1;
        }

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
            IsSidechain = draft.IsSidechain,
            Tier = draft.Tier,
            WebSearches = draft.WebSearches,
            ResponseId = draft.ResponseId,
            Path = draft.Path,
            Key = draft.Key,
            Turn = draft.Turn,
            IsKnown = draft.IsKnown,
            LoggedCost = draft.LoggedCost,
            Cost = draft.IsKnown ? cost : null,
            Priced = cost is not null,
        };
    }
}
