namespace Opi;

/// <summary>Makes rows of drafts: gives them their cost, and counts those whose model has no price.</summary>
internal sealed class UsageRows(PricingCatalog catalog)
{
    private readonly UsagePricer _pricer = new(catalog);
    private readonly SortedDictionary<string, int> _unpriced = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _unknown = new(StringComparer.Ordinal);

    /// <summary>The models without a price, and how many responses each gave.</summary>
    public IReadOnlyDictionary<string, int> Unpriced => _unpriced;

    /// <summary>What of the usages is not understood, with the provider before it, and in how many responses.</summary>
    public IReadOnlyDictionary<string, int> Unknown => _unknown;

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
            FormerKey = draft.FormerKey,
            SourceName = draft.SourceName,
            Turn = draft.Turn,
            IsKnown = draft.IsKnown,
            LoggedCost = draft.LoggedCost,
        };
        UsageCost cost = _pricer.CostOf(row);
        if (!cost.IsComplete)
        {
            NoteIncomplete(row, cost);
        }

        return row with
        {
            Cost = draft.IsKnown && cost.IsComplete ? cost.Known : null,
            KnownCost = draft.IsKnown ? cost.Known : 0,
            CostSource = draft.IsKnown ? cost.Source : CostSource.None,
            Priced = cost.IsComplete,
        };
    }

    /// <summary>Notes why a cost is incomplete: its model has no price, or something of it is not understood.</summary>
    private void NoteIncomplete(OpiUsage row, UsageCost cost)
    {
        foreach (string reason in row.Billing?.Unknown ?? [])
        {
            int end = reason.AsSpan().IndexOfAny('=', ':');
            string part = $"{row.Provider ?? row.SourceName ?? row.Source.ToString()} {(end < 0 ? reason : reason[..end])}";
            _unknown[part] = _unknown.GetValueOrDefault(part) + 1;
        }

        if (cost.Breakdown is null || row.Billing is not { Unknown.Length: > 0 })
        {
            string spec = _pricer.ModelOf(row) ?? "";
            _unpriced[spec] = _unpriced.GetValueOrDefault(spec) + 1;
        }
    }
}
