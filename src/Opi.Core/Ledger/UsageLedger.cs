namespace Opi;

/// <summary>
/// Keeps the usage of all agents longer than they keep their logs: a folder with a file for each month (<c>usage-2026-11.jsonl</c>, by UTC),
/// to which lines are only ever added. A response has a key. Where several lines have the same one, that with the most tokens counts.
/// </summary>
public sealed class UsageLedger
{
    private const string LockName = "ledger.lock";

    /// <summary>Names a folder; it need not exist.</summary>
    public UsageLedger(string folder) => Folder = Path.GetFullPath(folder);

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The clock: when a row was added, and how long another process is waited for.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// The folder that is used when none is named: <c>OPI_LEDGER_DIR</c>, else <c>%LOCALAPPDATA%\opi\ledger</c> on Windows and
    /// <c>~/.local/share/opi/ledger</c> elsewhere, else <c>.opi/ledger</c> here.
    /// </summary>
    public static string DefaultFolder() => OpiFolders.Ledger;

    /// <summary>The files, the oldest month first. Empty where there is no folder.</summary>
    /// <exception cref="FileNotAccessibleException">The folder cannot be read.</exception>
    public IReadOnlyList<string> Files() => FileNotAccessibleException.Guard(Folder, () => LedgerFile.FilesOf(Folder));

    /// <summary>Reads all rows, each response once. Their costs are left open: they are those of the prices at hand.</summary>
    /// <param name="damaged">Told of each line that cannot be read.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="FileNotAccessibleException">A file or the folder cannot be read.</exception>
    public IReadOnlyCollection<OpiUsage> Read(Action<LedgerFinding>? damaged = null, CancellationToken cancellationToken = default)
    {
        var rows = new Dictionary<string, OpiUsage>();
        foreach (string path in Files())
        {
            _ = FileNotAccessibleException.Guard(path, () => LedgerFile.Read(path, row =>
            {
                if (!rows.TryGetValue(row.Key!, out OpiUsage? other) || LedgerRank.Of(row).IsOver(LedgerRank.Of(other)))
                {
                    rows[row.Key!] = row;
                }
            }, damaged, cancellationToken));
        }

        return rows.Values;
    }

    /// <summary>
    /// Adds the responses that the ledger lacks, and those that have more tokens than it knows of, or whose bill it does not know in full.
    /// Safe from several processes at once: they
    /// take turns. What was added is on the disk when this returns.
    /// </summary>
    /// <param name="rows">The responses.</param>
    /// <param name="patience">How long to wait for another process that does the same.</param>
    /// <param name="damaged">Told of each line that cannot be read.</param>
    /// <param name="cancellationToken">Stops before the next file is written.</param>
    /// <exception cref="LedgerLockedException">The other process took too long; nothing was added.</exception>
    /// <exception cref="LedgerWriteException">It cannot be written to; what was added before is kept.</exception>
    public OpiLedgerUpdate Add(
        IEnumerable<OpiUsage> rows, TimeSpan patience, Action<LedgerFinding>? damaged = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        try
        {
            OpiFolders.Create(Folder);
            using FileLock held = FileLock.TryAcquire(Path.Combine(Folder, LockName), patience, out int? holder, TimeProvider, cancellationToken)
                ?? throw new LedgerLockedException(Folder, holder, patience);
            return AddLocked(rows, damaged, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LedgerWriteException(Folder, error.Message, error);
        }
    }

    private OpiLedgerUpdate AddLocked(IEnumerable<OpiUsage> rows, Action<LedgerFinding>? damaged, CancellationToken cancellationToken)
    {
        var ranks = new Dictionary<string, LedgerRank>();
        var ends = new Dictionary<string, LedgerFileEnd>();
        foreach (string path in LedgerFile.FilesOf(Folder))
        {
            ends[path] = LedgerFile.Read(path, row =>
            {
                LedgerRank rank = LedgerRank.Of(row);
                if (!ranks.TryGetValue(row.Key!, out LedgerRank known) || rank.IsOver(known))
                {
                    ranks[row.Key!] = rank;
                }
            }, damaged, cancellationToken);
        }

        var counts = new SortedDictionary<UsageSource, (long Added, long Updated, long Known)>();
        var missing = new SortedDictionary<string, List<OpiUsage>>(StringComparer.Ordinal);
        foreach (OpiUsage row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string key = LedgerFile.KeyOf(row);
            key = !ranks.ContainsKey(key) && row.FormerKey is { } former && ranks.ContainsKey(former) ? former : key;
            LedgerRank rank = LedgerRank.Of(row);
            (long added, long updated, long known) = counts.GetValueOrDefault(row.Source);
            bool isKnown = ranks.TryGetValue(key, out LedgerRank best);
            if (isKnown && !rank.IsOver(best))
            {
                counts[row.Source] = (added, updated, known + 1);
                continue;
            }

            counts[row.Source] = isKnown ? (added, updated + 1, known) : (added + 1, updated, known);
            ranks[key] = rank;
            string path = Path.Combine(Folder, LedgerFile.NameFor(row.Timestamp));
            if (!missing.TryGetValue(path, out List<OpiUsage>? month))
            {
                missing.Add(path, month = []);
            }

            month.Add(key == row.Key ? row : row with { Key = key });
        }

        foreach ((string path, List<OpiUsage> month) in missing)
        {
            cancellationToken.ThrowIfCancellationRequested();
            LedgerWriter.Append(path, ends.GetValueOrDefault(path), month.OrderBy(row => row.Timestamp), TimeProvider);
        }

        return new OpiLedgerUpdate(
            Folder,
            counts.Values.Sum(count => count.Added),
            counts.Values.Sum(count => count.Updated),
            counts.Values.Sum(count => count.Known),
            [.. counts.Select(count => new OpiLedgerSource(count.Key, count.Value.Added, count.Value.Updated, count.Value.Known))]);
    }
}
