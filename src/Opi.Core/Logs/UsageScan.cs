namespace Opi;

/// <summary>Reads the usages of all agents' logs, each response once.</summary>
public static class UsageScan
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>The sources, in the order in which a response that several of them have is taken.</summary>
    private static readonly UsageLog[] Logs = [new OpiLog(), new ClaudeCodeLog(), new CodexLog(), new PiLog(), new GeminiLog(), new OpenCodeLog(), new LedgerLog()];

    /// <summary>All sources.</summary>
    internal static IReadOnlyList<UsageLog> AllLogs => Logs;

    /// <summary>
    /// Reads the logs and gives their responses. A file that cannot be read is a finding, and the others go on. Files are read on all
    /// processors.
    /// </summary>
    /// <param name="query">Whose, where and which.</param>
    /// <param name="progress">Told how far the scan is, about five times a second, on the calling thread; null for nobody.</param>
    /// <param name="cancellation">Stops the scan.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static UsageScanResult Run(UsageQuery query, Action<UsageScanProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        UsageLog[] logs = [.. Logs.Where(log => query.Sources.Contains(log.Source))];
        var findings = new List<UsageFinding>();
        List<LogPart> parts = LogFiles.Find(logs, query.Paths, findings, cancellation);
        ReadAll(parts, logs, progress, cancellation);
        findings.AddRange(parts.Select(part => part.File).Distinct().Select(file => file.ToFinding()).OfType<UsageFinding>());

        var maker = new UsageRows(PricingCatalog.Default);
        var filter = new UsageFilter(query);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var rows = new List<OpiUsage>();
        foreach (UsageLog log in logs)
        {
            LogPart[] own = [.. parts.Where(part => part.File.Log == log)];
            foreach (UsageDraft draft in log.Merge(own, cancellation))
            {
                if (keys.Add(draft.Key!) && filter.Takes(draft.Timestamp, draft.Provider, draft.Model, draft.Project))
                {
                    rows.Add(maker.Make(draft));
                }
            }

            cancellation.ThrowIfCancellationRequested();
        }

        OpiUsage[] sorted = [.. rows];
        SortByTime(sorted);
        return new UsageScanResult(sorted, findings, maker.Unpriced, parts.Select(part => part.File).Distinct().Count());
    }

    /// <summary>Sorts by time, those without one first; those of the same time by their keys.</summary>
    private static void SortByTime(OpiUsage[] rows)
    {
        long[] times = Array.ConvertAll(rows, row => row.Timestamp?.UtcTicks ?? long.MinValue);
        Array.Sort(times, rows);
        for (int start = 0, end; start < rows.Length; start = end)
        {
            for (end = start + 1; end < rows.Length && times[end] == times[start]; end++)
            {
            }

            if (end - start > 1)
            {
                rows.AsSpan(start, end - start).Sort((left, right) => string.CompareOrdinal(left.Key, right.Key));
            }
        }
    }

    /// <summary>Reads the parts, the largest first, on as many threads as there are processors.</summary>
    private static void ReadAll(List<LogPart> parts, UsageLog[] logs, Action<UsageScanProgress>? progress, CancellationToken cancellation)
    {
        LogPart[] queue = [.. parts.OrderByDescending(part => part.Length)];
        long total = queue.Sum(part => part.Length);
        int next = -1, done = 0;
        long read = 0;
        void Work()
        {
            for (int i = Interlocked.Increment(ref next); i < queue.Length; i = Interlocked.Increment(ref next))
            {
                cancellation.ThrowIfCancellationRequested();
                queue[i].Read(logs, cancellation);
                Interlocked.Add(ref read, queue[i].Length);
                Interlocked.Increment(ref done);
            }
        }

        Task[] workers = [.. Enumerable.Range(0, Math.Min(Environment.ProcessorCount, queue.Length)).Select(_ => Task.Run(Work, CancellationToken.None))];
        try
        {
            while (!Task.WaitAll(workers, ProgressInterval))
            {
                progress?.Invoke(new UsageScanProgress(Volatile.Read(ref done), queue.Length, Interlocked.Read(ref read), total));
            }
        }
        catch (AggregateException errors)
        {
            cancellation.ThrowIfCancellationRequested();
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }
    }
}
