namespace Opi;

/// <summary>Opi's ledger. Its rows keep the source that they came from, and the key: what a log still has is not counted again.</summary>
internal sealed class LedgerLog : UsageLog
{
    public override UsageSource Source => UsageSource.Ledger;

    public override IReadOnlyList<string> Variables => ["OPI_LEDGER_DIR"];

    public override IEnumerable<string> Folders() => [OpiFolders.Ledger];

    public override bool IsLog(string path) => path.EndsWith(SessionStore.Extension, StringComparison.Ordinal);

    public override bool IsOwnLog(string path) => LedgerFile.IsFile(path);

    public override LogMatch Match(LogHead head) => head.Has("key") && head.Has("recorded_at") ? LogMatch.Sure : LogMatch.None;

    public override void Read(LogPart part, CancellationToken cancellation) =>
        LedgerFile.Read(part.File.Path, row => part.Drafts.Add(ToDraft(row)), finding => part.File.Skip(finding.Reason), cancellation);

    /// <summary>Gives each response once, by the line that counts.</summary>
    public override IEnumerable<UsageDraft> Merge(IReadOnlyList<LogPart> parts, CancellationToken cancellation)
    {
        var drafts = new Dictionary<string, UsageDraft>(StringComparer.Ordinal);
        foreach (LogPart part in InOrderOfTime(parts))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (UsageDraft draft in part.Drafts)
            {
                if (!drafts.TryGetValue(draft.Key!, out UsageDraft? known) || LedgerRank.Of(draft).IsOver(LedgerRank.Of(known)))
                {
                    drafts[draft.Key!] = draft;
                }
            }
        }

        return drafts.Values;
    }

    private static UsageDraft ToDraft(OpiUsage row) => new()
    {
        Source = row.Source,
        Timestamp = row.Timestamp,
        SessionId = row.SessionId,
        Project = row.Project,
        Model = row.Model,
        Provider = row.Provider,
        Counts = new UsageCounts(row.InputTokens, row.OutputTokens, row.CacheReadTokens, row.CacheWriteTokens)
        {
            CacheWrite1h = row.CacheWrite1hTokens,
            Reasoning = row.ReasoningTokens,
        },
        IsSidechain = row.IsSidechain,
        Tier = row.Tier,
        WebSearches = row.WebSearches,
        Billing = row.Billing,
        ResponseId = row.ResponseId,
        Path = row.Path,
        Key = row.Key,
        SourceName = row.SourceName,
        Turn = row.Turn,
        IsKnown = row.IsKnown,
        LoggedCost = row.LoggedCost,
    };
}
