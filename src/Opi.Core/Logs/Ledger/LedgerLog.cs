namespace Opi;

/// <summary>Opi's ledger. Its rows keep the source that they came from, and the key: what a log still has is not counted again.</summary>
internal sealed class LedgerLog : UsageLog
{
    public override UsageSource Source => UsageSource.Ledger;

    public override IReadOnlyList<string> Variables => ["OPI_LEDGER_DIR"];

    public override IEnumerable<string> Folders() => [OpiFolders.Ledger];

    public override bool IsLog(string path) => path.EndsWith(SessionStore.Extension, StringComparison.Ordinal);

    public override bool IsOwnLog(string path) => LedgerFile.IsFile(path);

    /// <summary>The file of a month has responses of that month only; its name shows the month.</summary>
    public override bool MayHave(LogFile file, UsageQuery query) =>
        !LedgerFile.IsMonth(file.Path)
        || (LedgerFile.MonthOf(file.Path) is { } month
            ? !(query.Since >= month.AddMonths(1)) && !(query.Until <= month)
            : query.Since is null && query.Until is null);

    public override LogMatch Match(LogHead head) => head.Has("key") && head.Has("recorded_at") ? LogMatch.Sure : LogMatch.None;

    public override void Read(LogPart part, CancellationToken cancellation) =>
        LedgerFile.Read(part.File.Path, line => part.Drafts.Add(ToDraft(line)), finding => part.File.Skip(finding.Reason), cancellation);

    /// <summary>Gives each response once, by the line that counts.</summary>
    public override IEnumerable<UsageDraft> Merge(IReadOnlyList<LogPart> parts, CancellationToken cancellation)
    {
        var drafts = new Dictionary<string, LedgerDraft>(parts.Sum(part => part.Count), StringComparer.Ordinal);
        foreach (LogPart part in InOrderOfTime(parts))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (LedgerDraft draft in part.Drafts.Cast<LedgerDraft>())
            {
                if (!drafts.TryGetValue(draft.Key!, out LedgerDraft? known) || draft.Rank.Precedes(known.Rank))
                {
                    drafts[draft.Key!] = draft;
                }
            }
        }

        return drafts.Values;
    }

    private static LedgerDraft ToDraft(LedgerLine line) => ToDraft(line.Row, line.Rank);

    private static LedgerDraft ToDraft(OpiUsage row, LedgerRank rank) => new()
    {
        Rank = rank,
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
        Machine = row.Machine,
        User = row.User,
        Key = row.Key,
        SourceName = row.SourceName,
        Turn = row.Turn,
        IsKnown = row.IsKnown,
        LoggedCost = row.LoggedCost,
    };
}
