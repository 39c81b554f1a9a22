using System.Collections.Concurrent;

namespace Opi;

/// <summary>
/// Searches the logs of all agents for what was said. There is no index that could be out of date: raw bytes are searched on all processors,
/// and only lines that may have a hit are read.
/// </summary>
internal static class SearchScan
{
    /// <summary>From which length on a file is searched in parts.</summary>
    private const long PartSize = 16 << 20;

    private const int MaxReady = 1024;

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Searches, and hands out each hit as soon as it is found, in no certain order.</summary>
    /// <param name="request">What is looked for.</param>
    /// <param name="take">Takes a hit, on the calling thread; false to end the search.</param>
    /// <param name="progress">Takes the progress of the search, about five times a second, on the calling thread; null if not wanted.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static SearchResult Stream(
        SearchRequest request, Func<OpiSearchHit, bool> take, Action<UsageScanProgress>? progress, CancellationToken cancellation)
    {
        UsageLog[] asked = [.. UsageScan.AllLogs.Where(log => request.Sources.Contains(log.Source))];
        UsageLog[] logs = [.. asked.Where(log => log.Messages is not null).Select(log => new SaidLog(log, log.Messages!))];
        UsageSource[] unsearched = [.. asked.Where(log => log.Messages is null && log.Source != UsageSource.Ledger).Select(log => log.Source)];
        var findings = new List<UsageFinding>();
        var query = new UsageQuery { Sources = request.Sources, Required = request.Required, Paths = request.Paths };
        List<LogPart> files = LogFiles.Divide(LogFiles.Find(logs, query, [], findings, cancellation), logs, cancellation);
        Search([.. files.SelectMany(Split)], logs, request, take, progress, cancellation);
        findings.AddRange(files.Select(part => part.File.ToFinding()).OfType<UsageFinding>());
        return new SearchResult(findings, unsearched, files.Count);
    }

    /// <summary>Searches, and gives the hits in the order of time; those without one come first.</summary>
    /// <inheritdoc cref="Stream"/>
    public static (SearchResult Result, IReadOnlyList<OpiSearchHit> Hits) Run(
        SearchRequest request, Action<UsageScanProgress>? progress, CancellationToken cancellation)
    {
        var hits = new List<OpiSearchHit>();
        SearchResult result = Stream(
            request,
            hit =>
            {
                hits.Add(hit);
                return true;
            },
            progress,
            cancellation);
        return (result, [.. hits.OrderBy(hit => hit.Timestamp ?? DateTimeOffset.MinValue).ThenBy(hit => hit.Path, StringComparer.Ordinal)]);
    }

    /// <summary>A large file of lines is divided; whose it is does not matter for that.</summary>
    private static IEnumerable<LogPart> Split(LogPart whole)
    {
        bool isDivided = whole.File.Path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);
        long start = 0;
        for (; isDivided && whole.File.Length - start > PartSize * 3 / 2; start += PartSize)
        {
            yield return new LogPart(whole.File, start, start + PartSize);
        }

        yield return new LogPart(whole.File, start, long.MaxValue);
    }

    private static void Search(
        LogPart[] queue,
        UsageLog[] logs,
        SearchRequest request,
        Func<OpiSearchHit, bool> take,
        Action<UsageScanProgress>? progress,
        CancellationToken cancellation)
    {
        Dictionary<LogFile, SearchedFile> files = queue.Select(part => part.File).Distinct()
            .ToDictionary(file => file, file => new SearchedFile(file, file.Log is null ? logs : [file.Log]));
        long total = queue.Sum(part => part.Length);
        int next = -1, done = 0;
        long read = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var ready = new BlockingCollection<OpiSearchHit>(MaxReady); // bounded, so that hits do not pile up
        CancellationToken stopped = stop.Token;
        var filter = new HitFilter(request, stopped);
        void Work()
        {
            for (int i = Interlocked.Increment(ref next); i < queue.Length; i = Interlocked.Increment(ref next))
            {
                stopped.ThrowIfCancellationRequested();
                LogPart part = queue[i];
                new SearchedPart(part, files[part.File], filter.Sieve, (entry, toolOf) => Test(part, entry, toolOf), stopped).Run();
                Interlocked.Add(ref read, part.Length);
                Interlocked.Increment(ref done);
            }
        }

        void Test(LogPart part, LogEntry entry, Func<string, string> toolOf)
        {
            foreach (OpiSearchHit hit in filter.HitsOf(entry, part.File.Log!.Source, part.File.Path, toolOf))
            {
                ready.Add(hit, stopped);
            }
        }

        Task[] workers = [.. Enumerable.Range(
            0, Math.Min(Environment.ProcessorCount, queue.Length)).Select(_ => Task.Run(Work, CancellationToken.None))];
        Task all = Task.WhenAll(workers).ContinueWith(
            _ => ready.CompleteAdding(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        var known = new SeenHits();
        bool isEnded = false;
        try
        {
            long shown = TimeProvider.System.GetTimestamp();
            while (!isEnded && !ready.IsCompleted)
            {
                if (ready.TryTake(out OpiSearchHit? hit, (int)ProgressInterval.TotalMilliseconds, cancellation)
                    && known.IsNews(hit))
                {
                    isEnded = !take(hit);
                }

                cancellation.ThrowIfCancellationRequested();
                if (TimeProvider.System.GetElapsedTime(shown) >= ProgressInterval)
                {
                    progress?.Invoke(new UsageScanProgress(done, queue.Length, Interlocked.Read(ref read), total));
                    shown = TimeProvider.System.GetTimestamp();
                }
            }
        }
        finally
        {
            stop.Cancel();
            all.Wait(CancellationToken.None);
        }

        foreach (Task worker in workers.Where(worker => worker.IsFaulted && !isEnded))
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(worker.Exception!.InnerException!);
        }
    }
}
