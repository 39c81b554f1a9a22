namespace Opi;

/// <summary>Counts what an update of the ledger did, by source.</summary>
internal sealed class LedgerCounts
{
    private readonly SortedDictionary<UsageSource, OpiLedgerSource> _counts = [];

    public void Add(UsageSource source, LedgerOutcome outcome, long responses = 1)
    {
        OpiLedgerSource counts = _counts.GetValueOrDefault(source) ?? new OpiLedgerSource(source, 0, 0, 0);
        _counts[source] = outcome switch
        {
            LedgerOutcome.Added => counts with { Added = counts.Added + responses },
            LedgerOutcome.Updated => counts with { Updated = counts.Updated + responses },
            _ => counts with { Known = counts.Known + responses },
        };
    }

    /// <summary>How many responses there are of each source.</summary>
    public IReadOnlyDictionary<UsageSource, long> ToTotals() =>
        _counts.ToDictionary(count => count.Key, count => count.Value.Added + count.Value.Updated + count.Value.Known);

    /// <summary>The sums.</summary>
    /// <param name="folder">The ledger's folder.</param>
    public OpiLedgerUpdate ToUpdate(string folder) => new(
        folder,
        _counts.Values.Sum(count => count.Added),
        _counts.Values.Sum(count => count.Updated),
        _counts.Values.Sum(count => count.Known),
        [.. _counts.Values]);
}
