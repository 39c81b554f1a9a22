namespace Opi;

/// <summary>
/// Brings the files of Codex together. A fork repeats its parent's counts with new times; which they are is known by the parent's totals, from
/// its log or, where that is gone, from the ledger.
/// </summary>
internal sealed class CodexMerge(CodexLog log, UsageQuery query) : UsageMerge
{
    private readonly Dictionary<string, CodexThread> _threads = new(StringComparer.Ordinal);
    private readonly List<UsageFinding> _findings = [];
    private readonly List<string> _refuted = [];
    private IReadOnlyList<LogPart> _ledgerParts = [];
    private CodexLedger? _ledger;

    /// <inheritdoc/>
    public override IReadOnlyCollection<UsageFinding> Findings => _findings;

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> RefutedKeys => _refuted;

    /// <inheritdoc/>
    public override void UseLedger(IReadOnlyList<LogPart> parts) => _ledgerParts = parts;

    /// <summary>
    /// The files of the threads that others come from. Codex names each file by its thread. If one is gone, its other forks show what
    /// it had, and any file may be one.
    /// </summary>
    public override IReadOnlyCollection<LogFile> Lacking(IReadOnlyList<LogPart> parts, IReadOnlyCollection<LogFile> aside)
    {
        CodexThread[] threads = [.. parts.Select(part => part.State).OfType<CodexThread>()];
        string[] lacking =
        [
            .. threads.Where(thread => thread.ParentId is not null && thread.ParentId != thread.Id && thread.Counts.Count > 0)
                .SelectMany(thread => thread.Ancestors.Append(thread.ParentId!))
                .Except(threads.Select(thread => thread.Id).OfType<string>())
                .Distinct(),
        ];
        LogFile[] named = [.. aside.Where(file => lacking.Any(id => Path.GetFileName(file.Path).Contains(id, StringComparison.Ordinal)))];
        bool areAllNamed = lacking.All(id => named.Any(file => Path.GetFileName(file.Path).Contains(id, StringComparison.Ordinal)));
        return areAllNamed ? named : aside;
    }

    /// <inheritdoc/>
    public override IEnumerable<UsageDraft> End(IReadOnlyList<LogPart> parts, CancellationToken cancellation)
    {
        foreach (CodexThread thread in parts.Select(part => part.State).OfType<CodexThread>().Where(thread => thread.Id is not null))
        {
            _threads.TryAdd(thread.Id!, thread);
        }

        ILookup<(long Input, long Cached, long Output), CodexCount> reviews = _threads.Values.Where(thread => thread.IsReview)
            .SelectMany(thread => thread.Counts).Where(count => count.Total is not null).ToLookup(count => count.Total!.Value.Mark);
        foreach (LogPart part in parts)
        {
            cancellation.ThrowIfCancellationRequested();
            if (part.State is CodexThread thread)
            {
                CodexLineage lineage = LineageOf(thread, cancellation) with { Reviews = reviews };
                part.Drafts.AddRange(thread.Responses(lineage, part.File.Path, _refuted));
            }
        }

        return log.Merge(parts, cancellation);
    }

    private CodexLineage LineageOf(CodexThread thread, CancellationToken cancellation)
    {
        if (thread.ParentId is null || thread.ParentId == thread.Id || thread.Counts.Count == 0)
        {
            return CodexLineage.None;
        }

        bool isWhole = _threads.ContainsKey(thread.ParentId);
        CodexLedger? ledger = isWhole ? null : _ledger ??= ReadLedger(cancellation);
        var ancestors = new HashSet<(long Input, long Cached, long Output)>();
        foreach (string id in AncestorsOf(thread, ledger))
        {
            if (_threads.TryGetValue(id, out CodexThread? known))
            {
                ancestors.UnionWith(known.TotalsBefore(thread.Began));
            }

            ancestors.UnionWith(ledger?.TotalsOf(id, thread.Began) ?? []);
        }

        var siblings = new HashSet<(long Input, long Cached, long Output)>();
        if (!isWhole)
        {
            siblings.UnionWith(ledger!.TotalsOfForks(thread.ParentId, thread.Id, thread.Began));
            foreach (CodexThread other in _threads.Values.Where(other => other.IsFork && other.ParentId == thread.ParentId && IsOlder(other, thread)))
            {
                siblings.UnionWith(other.TotalsBefore(thread.Began));
            }
        }

        return new CodexLineage(ancestors, siblings, isWhole);
    }

    private HashSet<string> AncestorsOf(CodexThread thread, CodexLedger? ledger)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var next = new Stack<string>([thread.ParentId!, .. thread.Ancestors]);
        while (next.TryPop(out string? id))
        {
            if (id == thread.Id || !found.Add(id))
            {
                continue;
            }

            string? parent = _threads.TryGetValue(id, out CodexThread? known) ? known.ParentId : ledger?.ParentOf(id);
            if (parent is not null)
            {
                next.Push(parent);
            }
        }

        return found;
    }

    private static bool IsOlder(CodexThread one, CodexThread other)
    {
        int order = Nullable.Compare(one.Began, other.Began);
        return !ReferenceEquals(one, other) && (order < 0 || (order == 0 && string.CompareOrdinal(one.Id, other.Id) < 0));
    }

    private CodexLedger ReadLedger(CancellationToken cancellation)
    {
        var ledger = new CodexLedger();
        foreach (UsageDraft row in _ledgerParts.SelectMany(part => part.Drafts))
        {
            ledger.Add(row.Source, row.SessionId, row.Key, row.Timestamp);
        }

        string at = query.LedgerFolder ?? OpiFolders.Ledger;
        try
        {
            HashSet<string> read = [.. _ledgerParts.Select(part => part.File.Path)];
            foreach (string path in LedgerFile.FilesOf(at).Where(path => !read.Contains(path)))
            {
                at = path;
                LedgerFile.Read(
                    path, line => ledger.Add(line.Row.Source, line.Row.SessionId, line.Row.Key, line.Row.Timestamp), null, cancellation);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _findings.Add(new UsageFinding(at, UsageSource.Ledger, error.Message.TrimEnd('.')) { Error = error });
        }

        return ledger;
    }
}
