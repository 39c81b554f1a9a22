namespace Opi;

/// <summary>Opi's ledger. Its rows keep the source that they came from, and the key: what a log still has is not counted again.</summary>
internal sealed class LedgerLog : UsageLog
{
    public override UsageSource Source => UsageSource.Ledger;

    public override IReadOnlyList<string> Variables => ["OPI_LEDGER_DIR"];

    public override IEnumerable<string> Folders() => [OpiFolders.Ledger];

    public override bool IsLog(string path) => path.EndsWith(SessionStore.Extension, StringComparison.Ordinal);

    public override bool IsOwnLog(string path) => LedgerFile.IsFile(path);

    public override bool Recognises(LogHead head) => head.Has("key") && head.Has("recorded_at");

    public override void Read(LogPart part, CancellationToken cancellation) =>
        LedgerFile.Read(part.File.Path, row => part.Drafts.Add(ToDraft(row)), finding => part.File.Skip(finding.Reason), cancellation);

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
        Turn = row.Turn,
        IsKnown = row.IsKnown,
        LoggedCost = row.LoggedCost,
    };
}
