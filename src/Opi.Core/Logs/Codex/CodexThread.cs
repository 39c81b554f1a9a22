using System.Globalization;

namespace Opi;

/// <summary>A thread of Codex, as one file has it.</summary>
internal sealed class CodexThread
{
    /// <summary>How many counts may be between a record and the count that repeats it.</summary>
    private const int RecordReach = 4;

    private static readonly TimeSpan ReplayGap = TimeSpan.FromSeconds(1);

    /// <summary>How far apart the two threads may note a count of a review.</summary>
    private static readonly TimeSpan ReviewGap = TimeSpan.FromSeconds(1);

    public string? Id { get; set; }

    /// <summary>The thread it was forked from or started by; null for none.</summary>
    public string? ParentId { get; set; }

    /// <summary>Whether it was made of another thread's history, and not only started by it.</summary>
    public bool IsFork { get; set; }

    /// <summary>The threads whose heads it repeats, and those that they were forked from.</summary>
    public HashSet<string> Ancestors { get; } = new(StringComparer.Ordinal);

    public string? Provider { get; set; }

    public string? Project { get; set; }

    public bool IsSubagent { get; set; }

    /// <summary>Whether it was started for something else than a turn, such as a review: then no line names its parent.</summary>
    public bool IsReview => IsSubagent && ParentId is null;

    /// <summary>When the file was begun.</summary>
    public DateTimeOffset? Began { get; set; }

    public List<CodexCount> Counts { get; } = [];

    public List<CodexRecord> Records { get; } = [];

    /// <summary>How many counts are before its own first turn; null when not known.</summary>
    public int? ReplayedCounts { get; set; }

    /// <summary>The running totals that it logs up to a time.</summary>
    public IEnumerable<(long Input, long Cached, long Output)> TotalsBefore(DateTimeOffset? time) =>
        Counts.Where(count => count.Total is not null && !(count.Time > time)).Select(count => count.Total!.Value.Mark);

    /// <summary>The responses of the thread itself: not those that it repeats of others.</summary>
    /// <param name="lineage">What is known of the threads that it comes from.</param>
    /// <param name="path">Its file.</param>
    /// <param name="refuted">Gets the keys that an Opi which did not know a copy for one may have kept in the ledger.</param>
    public IEnumerable<UsageDraft> Responses(CodexLineage lineage, string path, ICollection<string> refuted)
    {
        foreach (CodexRecord record in Records.Where(record => record.Usage.Total > 0 || record.Unknown.HasAmount))
        {
            yield return Draft(path, record.Time, record.Usage, record.Context, record.Unknown, "codex:" + record.ResponseId, record.ResponseId);
        }

        var counters = new CodexCounters();
        CodexTokens[] advances = [.. Counts.Select(counters.Advance)];
        bool[] recorded = FindRecorded(advances);
        int known = CountKnown(lineage);
        int replayed = CountReplayed(lineage, known);
        var counts = new Dictionary<(long, long, long), int>();
        for (int i = 0; i < Counts.Count; i++)
        {
            CodexCount count = Counts[i];
            CodexTokens advance = advances[i];
            bool isResponse = advance.Total > 0 || (count.Unknown.HasAmount && (count.Total ?? count.Last).GetValueOrDefault().Total == 0);
            if (!isResponse)
            {
                continue;
            }

            CodexTokens shown = count.Total ?? advance;
            int times = counts[shown.Mark] = counts.GetValueOrDefault(shown.Mark) + 1;
            if (recorded[i] || (i < replayed && i >= known))
            {
                continue;
            }

            string former = KeyOf(count, i, shown, path);
            string key = LineageKeyOf(count, shown, times) ?? former;
            if (ReviewOf(count, lineage) is { } review)
            {
                if (KeyOf(review, i, shown, path) is var own && own != key)
                {
                    refuted.Add(key);
                }

                continue;
            }

            if (i < known)
            {
                if (former != key)
                {
                    refuted.Add(former);
                    refuted.Add(key);
                }

                continue;
            }

            UsageDraft draft = Draft(path, count.Time, advance, count.Context, count.Unknown, key, null);
            draft.FormerKey = former == key ? null : former;
            yield return draft;
        }
    }

    /// <summary>The count that the thread of a review has of the same response; null for none.</summary>
    private CodexCount? ReviewOf(CodexCount count, CodexLineage lineage) =>
        !count.IsInReview || IsReview || count.Total is not { } total
            ? null
            : lineage.Reviews[total.Mark].FirstOrDefault(other =>
                other.Last == count.Last && count.Time - other.Time is { } apart && apart.Duration() <= ReviewGap);

    /// <summary>
    /// Which counts repeat a response that a record names. A record comes before its count, with the same counts or the same running total; of
    /// a compaction there is a record only.
    /// </summary>
    private bool[] FindRecorded(CodexTokens[] advances)
    {
        bool[] recorded = new bool[Counts.Count];
        foreach (CodexRecord record in Records)
        {
            int at = record.At;
            for (int left = RecordReach; at < recorded.Length && left > 0; at++)
            {
                if (advances[at].Total > 0 && !recorded[at])
                {
                    left--;
                    if (IsOf(record, at))
                    {
                        break;
                    }
                }
            }

            if (at < recorded.Length && IsOf(record, at) && !recorded[at])
            {
                recorded[at] = true;
                continue;
            }

            // A writer may note them the other way round.
            int before = record.At - 1;
            while (before >= 0 && advances[before].Total == 0)
            {
                before--;
            }

            if (before >= 0 && !recorded[before] && advances[before] == record.Usage)
            {
                recorded[before] = true;
            }
        }

        return recorded;

        bool IsOf(CodexRecord record, int at) =>
            advances[at].Total > 0 && (advances[at] == record.Usage || (record.ThreadTotal is { } total && Counts[at].Total == total));
    }

    /// <summary>
    /// How many of the first counts are known to be of other threads: those that an ancestor has too. A fork has all of them up to the last
    /// one, also where a ledger lacks some; a thread that was only started by another need not have any.
    /// </summary>
    private int CountKnown(CodexLineage lineage)
    {
        if (ParentId is null)
        {
            return 0;
        }

        int known = IsFork
            ? Counts.FindLastIndex(count => count.Total is { } total && lineage.Ancestors.Contains(total.Mark)) + 1
            : Counts.FindIndex(count => count.Total is not { } total || !lineage.Ancestors.Contains(total.Mark));
        return known < 0 ? Counts.Count : known;
    }

    /// <summary>
    /// How many of the first counts are of other threads. Where the parent's log is gone, also those before the first turn that the log calls
    /// its own or, without that mark, those that follow each other faster than responses can.
    /// </summary>
    private int CountReplayed(CodexLineage lineage, int known)
    {
        if (ParentId is null || lineage.IsWhole)
        {
            return known;
        }

        int shared = 0;
        while (IsFork && shared < Counts.Count && Counts[shared].Total is { } total && lineage.Siblings.Contains(total.Mark))
        {
            shared++;
        }

        int guessed = ReplayedCounts ?? 0;
        if (ReplayedCounts is null)
        {
            for (DateTimeOffset? time = Began; guessed < Counts.Count && Counts[guessed].Time - time <= ReplayGap; guessed++)
            {
                time = Counts[guessed].Time;
            }
        }

        return Math.Max(guessed, Math.Max(known, shared));
    }

    /// <summary>
    /// The key of a count: its time and the running total, which a copy of the file has too, in an archive or at the start of a fork. Nothing
    /// else distinguishes responses.
    /// </summary>
    private string KeyOf(CodexCount count, int index, CodexTokens shown, string path)
    {
        string at = count.Time is { } time
            ? time.UtcTicks.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{Id ?? Path.GetFileName(path)}:{index}");
        return string.Create(CultureInfo.InvariantCulture, $"codex:{at}:{shown.Input}/{shown.Cached}/{shown.Output}");
    }

    /// <summary>
    /// The key of a count of a thread that comes from another. Its time may be when it was copied, so that the key has the two threads and the
    /// running total instead. Null where the time is older than the file, and so the response's own.
    /// </summary>
    private string? LineageKeyOf(CodexCount count, CodexTokens shown, int times) =>
        Id is null || ParentId is null || count.Total is null || count.Time < Began
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"codex:{Id}<{ParentId}:{shown.Input}/{shown.Cached}/{shown.Output}{(times > 1 ? $"#{times}" : "")}");

    private UsageDraft Draft(
        string path, DateTimeOffset? time, CodexTokens tokens, CodexContext context, UnknownMembers unknown, string key, string? responseId)
    {
        if (context.Tier.Unknown is { } tier)
        {
            unknown.Add($"service_tier={tier}");
        }

        return new UsageDraft
        {
            Source = UsageSource.Codex,
            Timestamp = time,
            SessionId = Id,
            Project = context.Project ?? Project,
            Model = context.Model,
            Provider = Provider ?? "openai",
            Counts = tokens.ToCounts(),
            IsSidechain = IsSubagent,
            Tier = context.Tier.Tier,
            Billing = unknown.Any ? new BillingDetails(context.Tier.Tier) { Unknown = unknown.ToReasons() } : null,
            ResponseId = responseId,
            Path = path,
            Key = key,
        };
    }
}
