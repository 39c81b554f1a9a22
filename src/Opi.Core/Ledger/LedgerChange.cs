namespace Opi;

/// <summary>
/// A change of the ledger: what it has of some months, and what is to be added to them. Nothing is written before <see cref="Write"/>. Only
/// under the ledger's lock.
/// </summary>
/// <remarks>
/// A response may have lines in the files of two months, when it was logged at midnight or its time was corrected. Its best line is then in
/// both: so a reader of one month alone knows whether the response counts there.
/// </remarks>
internal sealed class LedgerChange(string folder, TimeProvider time, Action<LedgerFinding>? damaged, CancellationToken cancellation)
{
    /// <summary>How far the times of two lines of one response may be apart.</summary>
    private static readonly TimeSpan Drift = TimeSpan.FromDays(2);

    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LedgerFileEnd> _ends = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Dictionary<string, LedgerAddition>> _missing = new(StringComparer.Ordinal);
    private readonly HashSet<string> _pending = new(StringComparer.Ordinal);

    private static readonly HashSet<UsageSource> Moving = [.. UsageScan.AllLogs.Where(log => log.MovesInTime).Select(log => log.Source)];

    /// <summary>
    /// The names of the files that may have lines of a response: those of its time, or all if its time may have been another.
    /// </summary>
    public IEnumerable<string> FilesFor(UsageSource source, DateTimeOffset? timestamp)
    {
        if (Moving.Contains(source))
        {
            return LedgerFile.FilesOf(folder).Select(Path.GetFileName).OfType<string>();
        }

        if (timestamp is not { } moment)
        {
            return [LedgerFile.NameFor(null)];
        }

        DateTimeOffset before = moment - DateTimeOffset.MinValue > Drift ? moment - Drift : moment;
        DateTimeOffset after = DateTimeOffset.MaxValue - moment > Drift ? moment + Drift : moment;
        return [LedgerFile.NameFor(before), LedgerFile.NameFor(moment), LedgerFile.NameFor(after)];
    }

    /// <summary>Reads what the ledger has in some files, those that are not there yet or were read before left out.</summary>
    public void Read(IEnumerable<string> names)
    {
        foreach (string name in names.Distinct().Where(name => !_ends.ContainsKey(name)).Order(StringComparer.Ordinal))
        {
            string path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                _ends[name] = LedgerFile.Read(path, line => Note(line.Row.Key!, line.Rank, name), damaged, cancellation);
            }
        }
    }

    public bool Has(string key) => _known.ContainsKey(key);

    /// <summary>Adds a response, unless a line has as much of it.</summary>
    /// <returns>What was done.</returns>
    public LedgerOutcome Add(LedgerAddition addition)
    {
        bool isKnown = _known.TryGetValue(addition.Key, out Known known);
        bool counts = !isKnown || (addition.Line is null ? addition.Rank.IsOver(known.Rank) : addition.Rank.Precedes(known.Rank));
        if (!counts)
        {
            return LedgerOutcome.Known;
        }

        bool isPending = !_pending.Add(addition.Key);
        string month = LedgerFile.NameFor(addition.Timestamp);
        foreach (string name in new HashSet<string>([month, addition.File ?? month, .. known.Files ?? []]))
        {
            if (!_missing.TryGetValue(name, out Dictionary<string, LedgerAddition>? additions))
            {
                _missing.Add(name, additions = new Dictionary<string, LedgerAddition>(StringComparer.Ordinal));
            }

            additions[addition.Key] = addition;
            Note(addition.Key, addition.Rank, name);
        }

        return isPending ? LedgerOutcome.Known : isKnown ? LedgerOutcome.Updated : LedgerOutcome.Added;
    }

    /// <summary>Writes what is missing, a file after the other, and has it on the disk.</summary>
    /// <exception cref="LedgerWriteException">A file cannot be written to; what was added before is kept.</exception>
    public void Write()
    {
        foreach ((string name, Dictionary<string, LedgerAddition> additions) in _missing)
        {
            cancellation.ThrowIfCancellationRequested();
            IEnumerable<LedgerAddition> sorted = additions.Values
                .OrderBy(addition => addition.Timestamp)
                .ThenBy(addition => addition.Key, StringComparer.Ordinal);
            string path = Path.Combine(folder, name);
            if (!_ends.ContainsKey(name) && File.Exists(path))
            {
                _ends[name] = LedgerFile.Read(path, _ => { }, null, cancellation); // of a month long before, and forgotten
            }

            _ends[name] = LedgerWriter.Append(path, _ends.GetValueOrDefault(name), sorted, time);
        }

        _missing.Clear();
        _pending.Clear();
    }

    /// <summary>Forgets the files that are not asked for any more, so that a change of many months holds a few of them only.</summary>
    /// <param name="needed">The names of the files that are.</param>
    public void Keep(IEnumerable<string> needed)
    {
        HashSet<string> kept = [.. needed];
        foreach (string name in _ends.Keys.Where(name => !kept.Contains(name)).ToArray())
        {
            _ends.Remove(name);
        }

        foreach ((string key, Known known) in _known.ToArray())
        {
            if (!Array.Exists(known.Files, kept.Contains))
            {
                _known.Remove(key);
            }
        }
    }

    private void Note(string key, LedgerRank rank, string name)
    {
        if (!_known.TryGetValue(key, out Known known))
        {
            _known.Add(key, new Known(rank, [name]));
            return;
        }

        string[] files = known.Files.Contains(name) ? known.Files : [.. known.Files, name];
        _known[key] = new Known(rank.Precedes(known.Rank) ? rank : known.Rank, files);
    }

    /// <param name="Rank">The rank of the best line.</param>
    /// <param name="Files">The files that have a line, by their names.</param>
    private readonly record struct Known(LedgerRank Rank, string[] Files);
}
