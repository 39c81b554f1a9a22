using System.Collections.Concurrent;
using System.Globalization;

namespace Opi;

/// <summary>Finds in the logs of all agents what was paid for nothing.</summary>
internal static class WasteScan
{
    /// <summary>How long before the time that is asked for a conversation is read, to know what the cache had.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromDays(2);

    /// <summary>Reads the logs, and gives the waste in the order of time.</summary>
    /// <param name="query">Which responses.</param>
    /// <param name="kinds">Which kinds are wanted.</param>
    /// <param name="progress">Takes the progress of the scan; null if not wanted.</param>
    /// <param name="cancellation">Stops the scan.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static (UsageScanResult Result, IReadOnlyList<OpiWaste> Waste) Run(
        UsageQuery query, IReadOnlyCollection<WasteKind> kinds, Action<UsageScanProgress>? progress, CancellationToken cancellation)
    {
        // A model that is not asked for is a part of the conversation all the same.
        UsageQuery wide = query with
        {
            Since = query.Since is { } since && since > DateTimeOffset.MinValue + Before ? since - Before : null,
            Models = [],
        };
        UsageScanResult result = UsageScan.Run(wide, progress, cancellation);
        var cost = new WasteCost(PricingCatalog.Default);
        List<OpiWaste> waste = [.. InResponses(result.Rows, cost)];
        if (kinds.Contains(WasteKind.RepeatedRead))
        {
            waste.AddRange(InMessages(query, result.Rows, cost, cancellation));
        }

        var projects = new ProjectFilter(query.Projects);
        var models = new ModelFilter(query.Models);
        return (
            result,
            [
                .. waste.Where(row => kinds.Contains(row.Kind)
                        && (query.Since is null || row.Timestamp >= query.Since)
                        && (query.Until is null || row.Timestamp < query.Until)
                        && projects.Takes(row.Project)
                        && TakesModel(models, row.Model))
                    .OrderBy(row => row.Timestamp ?? DateTimeOffset.MinValue)
                    .ThenBy(row => row.Session, StringComparer.Ordinal),
            ]);
    }

    /// <summary>The waste that responses show: each conversation by itself, and each log of a subagent.</summary>
    public static IEnumerable<OpiWaste> InResponses(IEnumerable<OpiUsage> responses, WasteCost cost) => responses
        .GroupBy(row => (row.Source, row.SessionId, row.IsSidechain, Log: row.IsSidechain ? row.Path : null))
        .Where(group => group.Key.SessionId is not null)
        .SelectMany(group => new WasteFinder(cost, group.Key.IsSidechain).Find(group.OrderBy(row => row.Timestamp)));

    private static bool TakesModel(ModelFilter models, string? spec)
    {
        (string provider, string model) = ModelName.Split(spec);
        return models.Takes(provider, model);
    }

    /// <summary>The files that tools read again. A file of messages is a session here, as a rule the log of one agent.</summary>
    private static IEnumerable<OpiWaste> InMessages(
        UsageQuery query, IReadOnlyList<OpiUsage> responses, WasteCost cost, CancellationToken cancellation)
    {
        UsageLog[] logs = [.. UsageScan.AllLogs.Where(log => query.Sources.Contains(log.Source) && log.Messages is not null)
            .Select(log => new SaidLog(log, log.Messages!))];
        List<LogFile> files = LogFiles.Find(logs, new UsageQuery { Sources = query.Sources, Paths = query.Paths }, [], [], cancellation);
        List<LogPart> parts = LogFiles.Divide(files, logs, cancellation);
        ILookup<(UsageSource, string?), OpiUsage> sessions =
            responses.Where(row => row.Timestamp is not null).ToLookup(row => (row.Source, row.SessionId));
        var found = new ConcurrentBag<OpiWaste>();
        var everything = new ByteSieve("", caseSensitive: true);
        Parallel.ForEach(parts, new ParallelOptions { CancellationToken = cancellation }, part =>
        {
            var reads = new Dictionary<string, RepeatedReads>(StringComparer.Ordinal);
            new SearchedPart(part, new SearchedFile(part.File, part.File.Log is null ? logs : [part.File.Log]), everything, Take, cancellation).Run();

            void Take(LogEntry entry, Func<string, string> toolOf)
            {
                string session = entry.SessionId ?? "";
                if (!reads.TryGetValue(session, out RepeatedReads? known))
                {
                    reads[session] = known = new RepeatedReads();
                }

                if (known.Take(entry.Entry) is (var path, var tokens))
                {
                    found.Add(Make(part, entry, path, tokens, sessions, cost));
                }
            }
        });
        return found.DistinctBy(row => (row.Source, row.Session, row.ResponseId, row.Timestamp, row.Detail));
    }

    private static OpiWaste Make(
        LogPart part, LogEntry entry, string path, long tokens, ILookup<(UsageSource, string?), OpiUsage> sessions, WasteCost cost)
    {
        UsageSource source = part.File.Log!.Source;
        OpiUsage? response = sessions[(source, entry.SessionId)].Where(row => row.Timestamp >= entry.Time).MinBy(row => row.Timestamp);
        return new OpiWaste
        {
            Kind = WasteKind.RepeatedRead,
            Source = source,
            Session = entry.SessionId,
            Project = entry.Project,
            Timestamp = entry.Time,
            Tokens = tokens,
            Cost = response is null ? null : cost.Sent(response, tokens),
            Detail = string.Create(CultureInfo.InvariantCulture, $"{path} was read again and had not changed: about {tokens:N0} tokens."),
            Model = response is null ? null : cost.ModelOf(response),
            ResponseId = response?.ResponseId,
            Path = part.File.Path,
        };
    }
}
