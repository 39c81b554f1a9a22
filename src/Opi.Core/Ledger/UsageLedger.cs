namespace Opi;

/// <summary>
/// Keeps the usage of all agents longer than they keep their logs: a folder with a file for each month (<c>usage-2026-11.jsonl</c>, by UTC),
/// to which lines are only ever added. A response has a key. Where several lines have the same one, that with the most tokens counts.
/// </summary>
internal sealed class UsageLedger
{
    private const string LockName = "ledger.lock";

    /// <summary>Names a folder; it need not exist.</summary>
    public UsageLedger(string folder) => Folder = Path.GetFullPath(folder);

    public string Folder { get; }

    /// <summary>The clock: when a row was added, and how long another process is waited for.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// The folder that is used when none is named: <c>OPI_LEDGER_DIR</c>, else <c>%LOCALAPPDATA%\opi\ledger</c> on Windows and
    /// <c>~/.local/share/opi/ledger</c> elsewhere, else <c>.opi/ledger</c> here.
    /// </summary>
    public static string DefaultFolder() => OpiFolders.Ledger;

    /// <summary>The files, the oldest month first. Empty when there is no folder.</summary>
    /// <exception cref="FileNotAccessibleException">The folder cannot be read.</exception>
    public IReadOnlyList<string> Files() => FileNotAccessibleException.Guard(Folder, () => LedgerFile.FilesOf(Folder));

    /// <summary>
    /// Reads all rows, each response once. Their costs are left open, for the current prices. Lines that name no machine or no
    /// user are this one's.
    /// </summary>
    /// <param name="damaged">Called for each line that cannot be read.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="FileNotAccessibleException">A file or the folder cannot be read.</exception>
    public IReadOnlyCollection<OpiUsage> Read(Action<LedgerFinding>? damaged = null, CancellationToken cancellationToken = default)
    {
        (string machine, string user) = (ThisMachine.Name, ThisMachine.User);
        var rows = new Dictionary<string, (OpiUsage Row, LedgerRank Rank)>(StringComparer.Ordinal);
        foreach (string path in Files())
        {
            _ = FileNotAccessibleException.Guard(path, () => LedgerFile.Read(path, line =>
            {
                if (!rows.TryGetValue(line.Row.Key!, out (OpiUsage Row, LedgerRank Rank) other) || line.Rank.Precedes(other.Rank))
                {
                    rows[line.Row.Key!] = (line.Row, line.Rank);
                }
            }, damaged, cancellationToken));
        }

        return [.. rows.Values.Select(best => best.Row with { Machine = best.Row.Machine ?? machine, User = best.Row.User ?? user })];
    }

    /// <summary>
    /// Adds the responses that the ledger lacks, and those that have more tokens than it knows of, or whose bill it does not know in full.
    /// Safe from several processes at once: they
    /// take turns. What was added is on the disk when this returns.
    /// </summary>
    /// <param name="rows">The responses.</param>
    /// <param name="patience">How long to wait for another process that does the same.</param>
    /// <param name="damaged">Called for each line that cannot be read.</param>
    /// <param name="cancellationToken">Stops before the next file is written.</param>
    /// <exception cref="LedgerLockedException">The other process took too long; nothing was added.</exception>
    /// <exception cref="LedgerWriteException">It cannot be written to; what was added before is kept.</exception>
    public OpiLedgerUpdate Add(
        IEnumerable<OpiUsage> rows, TimeSpan patience, Action<LedgerFinding>? damaged = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Change(patience, () => AddLocked(rows, null, [], damaged, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// As <see cref="Add"/>, by a scan of the logs that leaves out the
    /// sources of which the ledger has all: <see cref="KnownSources"/> said so.
    /// </summary>
    /// <param name="rows">The responses of the other sources.</param>
    /// <param name="logs">What the logs were like before they were read, of those sources that were read without a finding, or left out.</param>
    /// <param name="leftOut">The sources that were left out.</param>
    /// <param name="patience">How long to wait for another process that does the same.</param>
    /// <param name="damaged">Takes each line that cannot be read.</param>
    /// <param name="cancellationToken">Stops before the next file is written.</param>
    internal OpiLedgerUpdate Update(
        IEnumerable<OpiUsage> rows,
        LogStates logs,
        IReadOnlyCollection<UsageSource> leftOut,
        TimeSpan patience,
        Action<LedgerFinding>? damaged,
        CancellationToken cancellationToken) =>
        Change(patience, () => AddLocked(rows, logs, leftOut, damaged, cancellationToken), cancellationToken);

    /// <summary>The sources of which the ledger has all, since neither their logs nor the ledger were changed since the last update.</summary>
    /// <exception cref="FileNotAccessibleException">The ledger cannot be read.</exception>
    internal IReadOnlyCollection<UsageSource> KnownSources(LogStates logs) => FileNotAccessibleException.Guard(Folder, () =>
    {
        var marks = LedgerMarks.Of(Folder);
        return logs.Sources.Where(source => marks.CountOf(source, logs) is not null).ToArray();
    });

    /// <summary>
    /// Takes over what other ledgers have: for each response the line that has most of it, unchanged. Any order, and any number of times,
    /// give the same result. Safe from several processes at once, as <see cref="Add"/> is.
    /// </summary>
    /// <param name="paths">Ledgers: their folders, folders that have some in them, or files.</param>
    /// <param name="patience">How long to wait for another process that writes to this ledger.</param>
    /// <param name="options">The machine of lines that name none, and what is called for lines and files that could not be read.</param>
    /// <param name="cancellationToken">Stops before the next file is written.</param>
    /// <exception cref="LedgerLockedException">The other process took too long; nothing was added.</exception>
    /// <exception cref="LedgerWriteException">It cannot be written to; what was added before is kept.</exception>
    internal OpiLedgerUpdate Merge(
        IEnumerable<string> paths, TimeSpan patience, LedgerMergeOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var merge = new LedgerMerge(options ?? new LedgerMergeOptions(), cancellationToken);
        merge.Find(paths);
        return Change(patience, () => merge.Run(Folder, TimeProvider), cancellationToken);
    }

    private OpiLedgerUpdate Change(TimeSpan patience, Func<OpiLedgerUpdate> change, CancellationToken cancellationToken)
    {
        try
        {
            OpiFolders.Create(Folder);
            using FileLock held = FileLock.TryAcquire(Path.Combine(Folder, LockName), patience, out int? holder, TimeProvider, cancellationToken)
                ?? throw new LedgerLockedException(Folder, holder, patience);
            return change();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LedgerWriteException(Folder, error.Message, error);
        }
    }

    private OpiLedgerUpdate AddLocked(
        IEnumerable<OpiUsage> rows,
        LogStates? logs,
        IReadOnlyCollection<UsageSource> leftOut,
        Action<LedgerFinding>? damaged,
        CancellationToken cancellationToken)
    {
        OpiUsage[] all = [.. rows];
        var marks = LedgerMarks.Of(Folder);
        Dictionary<string, string> sums = LedgerMarks.SumsOf(all);
        var change = new LedgerChange(Folder, TimeProvider, damaged, cancellationToken);
        change.Read(all.Where(row => !marks.AreKnown(row, sums)).SelectMany(row => change.FilesFor(row.Source, row.Timestamp)));
        var counts = new LedgerCounts();
        foreach (UsageSource source in leftOut)
        {
            long? known = marks.CountOf(source, logs!);
            if (known > 0)
            {
                counts.Add(source, LedgerOutcome.Known, known.Value);
            }
            else if (known is null)
            {
                logs!.Remove(source); // another program changed the ledger just now: the next update reads these logs again
            }
        }

        foreach (OpiUsage row in all)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (marks.AreKnown(row, sums))
            {
                counts.Add(row.Source, LedgerOutcome.Known);
                continue;
            }

            string key = LedgerFile.KeyOf(row);
            key = !change.Has(key) && row.FormerKey is { } former && change.Has(former) ? former : key;
            counts.Add(row.Source, change.Add(new LedgerAddition(key, row.Source, row.Timestamp, LedgerRank.Of(row)) { Row = row }));
        }

        change.Write();
        if (leftOut.Count == 0 || leftOut.Count < logs!.Sources.Count || all.Length > 0)
        {
            WriteMarks(marks, sums, logs, counts);
        }

        return counts.ToUpdate(Folder);
    }

    /// <summary>Makes the next update faster. The additions are on the disk: if this fails, the update has not failed.</summary>
    private static void WriteMarks(LedgerMarks marks, Dictionary<string, string> sums, LogStates? logs, LedgerCounts counts)
    {
        try
        {
            marks.Write(sums, logs, counts.ToTotals());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next update finds marks that do not fit, or none, and reads the ledger.
        }
    }
}
