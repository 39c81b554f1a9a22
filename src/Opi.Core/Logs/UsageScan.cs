using System.Collections.Concurrent;

namespace Opi;

/// <summary>Reads the usages of all agents' logs, each response once.</summary>
public static class UsageScan
{
    private const int MaxReady = 64;
    private const long BatchLength = 1 << 18;
    private const string UndatedReason = "responses without a time that can be read";

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>The sources, in the order in which a response that several of them have is taken.</summary>
    private static readonly UsageLog[] Logs =
    [
        new OpiLog(),
        new ClaudeCodeLog(),
        new CodexLog(),
        new OmpLog(),
        new OpenClawLog(),
        new PiLog(),
        new GeminiLog(),
        new OpenCodeLog(),
        new CopilotLog(),
        new QwenLog(),
        new KimiLog(),
        new ClineLog(),
        new RooCodeLog(),
        new KiloCodeLog(),
        new DroidLog(),
        new AmpLog(),
        new GrokLog(),
        new GooseLog(),
        new CrushLog(),
        new HermesLog(),
        new LedgerLog(),
    ];

    /// <summary>All sources.</summary>
    internal static IReadOnlyList<UsageLog> AllLogs => Logs;

    /// <summary>Whether a file is something that an agent keeps beside its logs.</summary>
    internal static bool IsByproduct(string path)
    {
        foreach (UsageLog log in Logs) // of each file that is met
        {
            if (log.IsByproduct(path))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Reads the logs and gives their responses in the order of time. A file that cannot be read is a finding, and the others go on. Files
    /// are read on all processors.
    /// </summary>
    /// <param name="query">Whose, where and which.</param>
    /// <param name="progress">Takes the progress, about five times a second, on the calling thread; null if not wanted.</param>
    /// <param name="cancellationToken">Stops the scan.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static UsageScanResult Run(UsageQuery query, Action<UsageScanProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var rows = new List<OpiUsage>();
        UsageScanResult result = Stream(query, rows.Add, progress, cancellationToken);
        OpiUsage[] sorted = [.. rows];
        SortByTime(sorted);
        result.Rows = sorted;
        return result;
    }

    /// <summary>Does what <see cref="Run"/> does, but hands out each response as soon as it is known, in no certain order, and holds none.</summary>
    /// <param name="query">Whose, where and which.</param>
    /// <param name="take">Takes a response, on the calling thread.</param>
    /// <param name="progress">Takes the progress, about five times a second, on the calling thread; null if not wanted.</param>
    /// <param name="cancellationToken">Stops the scan.</param>
    /// <returns>What was found, without the responses.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static UsageScanResult Stream(
        UsageQuery query, Action<OpiUsage> take, Action<UsageScanProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(take);
        var pricer = new UsagePricer(PricingCatalog.Default, query.CostFrom);
        return StreamPriced(query, pricer, priced => take(priced.Usage), progress, cancellationToken);
    }

    /// <summary>The same, each response with its cost.</summary>
    /// <param name="query">Whose, where and which.</param>
    /// <param name="pricer">Finds the costs.</param>
    /// <param name="take">Takes a response, on the calling thread.</param>
    /// <param name="progress">Takes how far the scan is; null if not wanted.</param>
    /// <param name="cancellationToken">Stops the scan.</param>
    internal static UsageScanResult StreamPriced(
        UsageQuery query, UsagePricer pricer, Action<PricedUsage> take, Action<UsageScanProgress>? progress, CancellationToken cancellationToken)
    {
        UsageLog[] logs = [.. Logs.Where(log => query.Sources.Contains(log.Source))];
        Dictionary<UsageLog, UsageMerge> merges = logs.ToDictionary(log => log, log => log.OpenMerge(query));
        var findings = new List<UsageFinding>();
        var aside = new List<LogFile>();
        List<LogPart> parts = LogFiles.Divide(LogFiles.Find(logs, query, aside, findings, cancellationToken), logs, cancellationToken);
        var maker = new UsageRows(pricer);
        var filter = new UsageFilter(query);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        bool hasLedger = query.Paths.Count > 0 || parts.Exists(part => part.File.Log is LedgerLog) || aside.Exists(file => file.Log is LedgerLog);
        var undated = new Dictionary<string, (UsageSource Source, int Count)>(StringComparer.Ordinal);
        long count = 0;
        for (List<LogPart> next = parts; next.Count > 0; next = TakeLacking())
        {
            ReadAll(next, logs, Add, progress, cancellationToken);
        }

        LogFile[] files = [.. parts.Select(part => part.File).Distinct()];
        findings.AddRange(files.Select(file => file.ToFinding()).OfType<UsageFinding>());
        LogPart[] ledger = [.. parts.Where(part => part.File.Log is LedgerLog)];
        foreach (UsageLog log in logs)
        {
            merges[log].UseLedger(ledger);
            Give(merges[log], merges[log].End([.. parts.Where(part => part.File.Log == log)], cancellationToken));
            findings.AddRange(merges[log].Findings);
            keys.UnionWith(merges[log].RefutedKeys);
            cancellationToken.ThrowIfCancellationRequested();
        }

        findings.AddRange(undated.Select(file => new UsageFinding(file.Key, file.Value.Source, UndatedReason) { Undated = file.Value.Count }));
        return new UsageScanResult(findings, maker.Unknown, files.Length)
        {
            ResponseCount = count,
            IdleTurns = [.. merges.Values.SelectMany(merge => merge.IdleTurns).Where(filter.Takes)],
        };

        List<LogPart> TakeLacking()
        {
            LogFile[] lacking = [.. aside.Count == 0 ? [] : logs.SelectMany(log => merges[log].Lacking(
                [.. parts.Where(part => part.File.Log == log)], [.. aside.Where(file => file.Log == log)]))];
            aside.RemoveAll(lacking.Contains);
            List<LogPart> more = LogFiles.Divide(lacking, logs, cancellationToken);
            parts.AddRange(more);
            return more;
        }

        void Add(LogPart part)
        {
            if (part.File.Log is { } log)
            {
                Give(merges[log], merges[log].Add(part));
            }
        }

        void Give(UsageMerge merge, IEnumerable<UsageDraft> drafts)
        {
            // The keys of two agents differ in how they begin; only the ledger has keys of other agents.
            bool unique = merge.IsUnique && (logs.Length == 1 || !hasLedger);
            foreach (UsageDraft draft in drafts)
            {
                bool isNew = unique || keys.Add(draft.Key!);
                if (draft.FormerKey is { } former)
                {
                    keys.Add(former);
                }

                if (!isNew || !filter.TakesOrigin(draft.Machine ?? maker.Machine, draft.User ?? maker.User))
                {
                    continue;
                }

                if (draft.Timestamp is null && filter.MayTakeUndated(draft.Provider, draft.Model, draft.Project))
                {
                    (UsageSource source, int known) = undated.GetValueOrDefault(draft.Path ?? "", (draft.Source, 0));
                    undated[draft.Path ?? ""] = (source, known + 1);
                }
                else if (filter.Takes(draft.Timestamp, draft.Provider, draft.Model, draft.Project))
                {
                    take(maker.Make(draft));
                    count++;
                }
            }
        }
    }

    /// <summary>Sorts by time, rows without one first; rows of the same time by their keys.</summary>
    internal static void SortByTime(OpiUsage[] rows)
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

    /// <summary>Reads the parts, the largest first, on as many threads as there are processors. Each is handed out on the calling thread.</summary>
    internal static void ReadAll(
        IReadOnlyCollection<LogPart> parts,
        UsageLog[] logs,
        Action<LogPart> take,
        Action<UsageScanProgress>? progress,
        CancellationToken cancellationToken)
    {
        LogPart[] queue = [.. parts.OrderByDescending(part => part.Length)];
        long total = queue.Sum(part => part.Length);
        int next = -1, done = 0;
        long read = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var ready = new BlockingCollection<List<LogPart>>(MaxReady); // bounded, so that what was read does not pile up
        CancellationToken stopped = stop.Token;
        void Work()
        {
            var batch = new List<LogPart>(); // handing over each of many small files by itself takes longer than reading it
            long length = 0;
            for (int i = Interlocked.Increment(ref next); i < queue.Length; i = Interlocked.Increment(ref next))
            {
                stopped.ThrowIfCancellationRequested();
                queue[i].Read(logs, stopped);
                batch.Add(queue[i]);
                length += queue[i].Length;
                if (length >= BatchLength)
                {
                    ready.Add(batch, stopped);
                    (batch, length) = ([], 0);
                }
            }

            ready.Add(batch, stopped);
        }

        Task[] workers = [.. Enumerable.Range(
            0, Math.Min(Environment.ProcessorCount, queue.Length)).Select(_ => Task.Run(Work, CancellationToken.None))];
        Task all = Task.WhenAll(workers).ContinueWith(
            _ => ready.CompleteAdding(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            long shown = TimeProvider.System.GetTimestamp();
            while (!ready.IsCompleted)
            {
                if (ready.TryTake(out List<LogPart>? batch, ProgressInterval))
                {
                    batch.ForEach(take);
                    read += batch.Sum(part => part.Length);
                    done += batch.Count;
                }

                cancellationToken.ThrowIfCancellationRequested();
                if (TimeProvider.System.GetElapsedTime(shown) >= ProgressInterval)
                {
                    progress?.Invoke(new UsageScanProgress(done, queue.Length, read, total));
                    shown = TimeProvider.System.GetTimestamp();
                }
            }
        }
        finally
        {
            stop.Cancel();
            all.Wait(CancellationToken.None);
        }

        cancellationToken.ThrowIfCancellationRequested();
        foreach (Task worker in workers.Where(worker => worker.IsFaulted))
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(worker.Exception!.InnerException!);
        }
    }
}
