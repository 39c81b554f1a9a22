namespace Opi;

/// <summary>Makes rows of drafts: gives them their cost, and counts those whose cost is not known.</summary>
/// <param name="pricer">Finds the costs.</param>
internal sealed class UsageRows(UsagePricer pricer)
{
    /// <summary>The machine of drafts that name none.</summary>
    public string Machine { get; } = ThisMachine.Name;

    /// <summary>The user of drafts that name none.</summary>
    public string User { get; } = ThisMachine.User;

    /// <summary>Why costs are not known.</summary>
    public UnknownCosts Unknown { get; } = new();

    /// <summary>
    /// The row, with its cost as <see cref="UsagePricer"/> finds it.
    /// </summary>
    public PricedUsage Make(UsageDraft draft)
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
            Machine = draft.Machine ?? Machine,
            User = draft.User ?? User,
            Key = draft.Key,
            FormerKey = draft.FormerKey,
            SourceName = draft.SourceName,
            Turn = draft.Turn,
            IsKnown = draft.IsKnown,
            LoggedCost = draft.LoggedCost,
            IsCompaction = draft.IsCompaction,
            HasFailed = draft.HasFailed,
        };
        PricedUsage priced = pricer.Price(row);
        Unknown.Note(row, priced.Model, priced.Cost);
        row.SetCost(priced.Cost.Known, priced.Cost.IsComplete, priced.Cost.Source);
        return priced;
    }
}
