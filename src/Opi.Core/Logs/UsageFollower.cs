namespace Opi;

/// <summary>
/// Follows the logs of agents: gives the responses that there are, and then those that are added. New files are found; of a log to which lines are
/// added only those are read; documents and databases are read again when they changed. Used by one thread at a time.
/// </summary>
/// <remarks>
/// Where a response has more tokens, or costs more, than when it was given, a further row has the rest. So the sum over the rows is right at any
/// time.
/// </remarks>
internal sealed class UsageFollower
{
    private readonly UsageQuery _query;
    private readonly UsageLog[] _logs;
    private readonly UsageFilter _filter;
    private readonly PricingCatalog _catalog;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, FollowedFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GivenUsage> _given = new(StringComparer.Ordinal); // by key
    private readonly Dictionary<(UsageLog, string?, string), string> _keys = []; // of responses that their provider named
    private readonly HashSet<string> _refuted = new(StringComparer.Ordinal);
    private readonly HashSet<(string, string)> _reported = [];

    /// <summary>Follows what a query asks for.</summary>
    /// <param name="query">Whose, where and which.</param>
    /// <param name="catalog">The prices.</param>
    /// <param name="time">The clock, by which databases are not read all the time.</param>
    public UsageFollower(UsageQuery query, PricingCatalog catalog, TimeProvider time)
    {
        (_query, _catalog, _time) = (query, catalog, time);
        _logs = [.. UsageScan.AllLogs.Where(log => query.Sources.Contains(log.Source))];
        _filter = new UsageFilter(query);
    }

    /// <summary>What the last call found wrong and earlier calls did not report, and why costs of its rows are not known.</summary>
    public UsageScanResult Result { get; private set; } = new([], new UnknownCosts(), 0);

    /// <summary>How many bytes were read in all, without databases.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Reads what was added since the last call, and all that there is with the first one.</summary>
    /// <param name="progress">Takes the progress; null if not wanted.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <returns>The responses, in the order of time.</returns>
    public OpiUsage[] Next(Action<UsageScanProgress>? progress, CancellationToken cancellation)
    {
        var findings = new List<UsageFinding>();
        var aside = new List<LogFile>();
        var changed = new HashSet<UsageLog>();
        List<LogPart> next = Changed(LogFiles.Find(_logs, _query, aside, findings, cancellation));
        while (next.Count > 0)
        {
            long[] starts = [.. next.Select(part => part.Start)];
            UsageScan.ReadAll(next, _logs, _ => { }, progress, cancellation);
            for (int i = 0; i < starts.Length; i++)
            {
                FollowedFile file = _files[next[i].File.Path];
                file.NoteRead(next[i], _time);
                BytesRead += next[i].File.IsDatabase ? 0 : Math.Max(0, (next[i].Reader is null ? next[i].File.Length : next[i].Start) - starts[i]);
                if (next[i].File.Log is { } log)
                {
                    changed.Add(log);
                }

                if (next[i].File.ToFinding() is { } finding)
                {
                    findings.Add(finding);
                }
            }

            next = Changed(Lacking(aside));
        }

        var maker = new UsageRows(new UsagePricer(_catalog, _query.CostFrom));
        var rows = new List<OpiUsage>();
        foreach (UsageLog log in _logs.Where(changed.Contains))
        {
            Merge(log, maker, rows, findings, cancellation);
        }

        // A file with skipped lines is reported once, not with each further line.
        UsageFinding[] news = [.. findings.Where(finding => _reported.Add((finding.Path, finding.IsUnread ? finding.Reason : "")))];
        Result = new UsageScanResult(news, maker.Unknown, _files.Count) { ResponseCount = rows.Count };
        OpiUsage[] sorted = [.. rows];
        UsageScan.SortByTime(sorted);
        return sorted;
    }

    /// <summary>The parts to read of the files that are new or were written to.</summary>
    private List<LogPart> Changed(IEnumerable<LogFile> found)
    {
        var parts = new List<LogPart>();
        foreach (LogFile file in found)
        {
            if (!_files.TryGetValue(file.Path, out FollowedFile? known))
            {
                _files.Add(file.Path, known = new FollowedFile());
            }

            if (known.Change(file, _time) is { } part)
            {
                parts.Add(part);
            }
        }

        return parts;
    }

    private List<LogFile> Lacking(List<LogFile> aside)
    {
        LogFile[] unread = [.. aside.Where(file => !_files.ContainsKey(file.Path))];
        return
        [
            .. unread.Length == 0 ? [] : _logs.SelectMany(log => log.OpenMerge(_query).Lacking(
                [.. PartsOf(log)], [.. unread.Where(file => file.Log == log)])),
        ];
    }

    private IEnumerable<LogPart> PartsOf(UsageLog log) =>
        _files.Values.Select(file => file.Part).OfType<LogPart>().Where(part => part.File.Log == log);

    /// <summary>Brings what a source has together, and gives what is new of it.</summary>
    private void Merge(UsageLog log, UsageRows maker, List<OpiUsage> rows, List<UsageFinding> findings, CancellationToken cancellation)
    {
        LogPart[] parts = [.. PartsOf(log).Select(part => part.Copy())];
        UsageMerge merge = log.OpenMerge(_query);
        var drafts = new List<UsageDraft>();
        foreach (LogPart part in parts)
        {
            drafts.AddRange(merge.Add(part));
        }

        merge.UseLedger([.. _files.Values.Select(file => file.Part).OfType<LogPart>().Where(part => part.File.Log is LedgerLog)]);
        drafts.AddRange(merge.End(parts, cancellation).Select(draft => draft.Copy()));
        findings.AddRange(merge.Findings);
        _refuted.UnionWith(merge.RefutedKeys);
        HashSet<string> keys = [.. drafts.Select(draft => draft.Key!)];
        foreach (UsageDraft draft in drafts)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!_refuted.Contains(draft.Key!)
                && _filter.Takes(draft.Timestamp, draft.Provider, draft.Model, draft.Project)
                && _filter.TakesOrigin(draft.Machine ?? maker.Machine, draft.User ?? maker.User)
                && NewOf(log, draft, keys, maker) is { } row)
            {
                rows.Add(row);
            }
        }
    }

    /// <summary>What was not given of a response; null for nothing.</summary>
    private OpiUsage? NewOf(UsageLog log, UsageDraft draft, HashSet<string> keys, UsageRows maker)
    {
        GivenUsage given = GivenOf(log, draft, keys);
        decimal? stated = draft.Billing?.StatedCost ?? draft.LoggedCost;
        bool isSame = (given.Counts, given.WebSearches, given.Stated) == (draft.Counts, draft.WebSearches, stated);
        if (given.Log is not null && (given.Log != log || isSame))
        {
            return null;
        }

        OpiUsage row = maker.Make(draft).Usage;
        _given[draft.Key!] = new GivenUsage(log, draft.Counts, draft.WebSearches, stated, row.KnownCost);
        if (draft.FormerKey is { } former)
        {
            _given[former] = _given[draft.Key!];
        }

        if (draft.ResponseId is { } id)
        {
            _keys[(log, draft.SessionId, id)] = draft.Key!;
        }

        return given.Log is null ? row : Rest(row, given);
    }

    /// <summary>What was given of a response, also under a key that it had before it grew.</summary>
    private GivenUsage GivenOf(UsageLog log, UsageDraft draft, HashSet<string> keys)
    {
        if (_given.TryGetValue(draft.Key!, out GivenUsage given))
        {
            return given;
        }

        return draft.ResponseId is { } id && _keys.TryGetValue((log, draft.SessionId, id), out string? before) && !keys.Contains(before)
            ? _given[before]
            : default;
    }

    /// <summary>What a response has more than was given of it.</summary>
    private static OpiUsage? Rest(OpiUsage row, GivenUsage given)
    {
        decimal known = Math.Max(0, row.KnownCost - given.Known);
        var rest = new Usage(
            Math.Max(0, row.InputTokens - given.Counts.Input),
            Math.Max(0, row.OutputTokens - given.Counts.Output),
            Math.Max(0, row.CacheReadTokens - given.Counts.CacheRead),
            Math.Max(0, row.CacheWriteTokens - given.Counts.CacheWrite));
        int searches = Math.Max(0, row.WebSearches - given.WebSearches);
        if (rest.TotalTokens == 0 && known == 0 && searches == 0)
        {
            return null;
        }

        decimal? stated = row.Billing?.StatedCost - (given.Stated ?? 0);
        return row with
        {
            InputTokens = rest.InputTokens,
            OutputTokens = rest.OutputTokens,
            CacheReadTokens = rest.CacheReadTokens,
            CacheWriteTokens = rest.CacheWriteTokens,
            CacheWrite1hTokens = Less(row.CacheWrite1hTokens, given.Counts.CacheWrite1h),
            ReasoningTokens = Less(row.ReasoningTokens, given.Counts.Reasoning),
            TotalTokens = rest.TotalTokens,
            WebSearches = searches,
            Cost = row.Cost is null ? null : known,
            KnownCost = known,
            LoggedCost = row.LoggedCost is { } logged ? Math.Max(0, logged - (given.Stated ?? 0)) : null,
            Billing = row.Billing is { } billing
                ? billing with { StatedCost = stated, WebSearches = searches, Fees = [], Passes = [], Media = [], Raw = null }
                : null,
        };
    }

    private static long? Less(long? count, long? given) => count is { } all ? Math.Max(0, all - (given ?? 0)) : null;
}
