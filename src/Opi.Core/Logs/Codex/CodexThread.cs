namespace Opi;

/// <summary>A thread of Codex, as one file tells of it.</summary>
internal sealed class CodexThread
{
    private static readonly TimeSpan ReplayGap = TimeSpan.FromSeconds(1);

    public string? Id { get; set; }

    /// <summary>The thread it was forked from or started by; null for none.</summary>
    public string? ParentId { get; set; }

    public string? Provider { get; set; }

    public string? Project { get; set; }

    public bool IsSubagent { get; set; }

    /// <summary>When the file was begun.</summary>
    public DateTimeOffset? Began { get; set; }

    public List<CodexCount> Counts { get; } = [];

    public List<CodexRecord> Records { get; } = [];

    /// <summary>How many counts stand before the first turn of its own; null where that is not told.</summary>
    public int? ReplayedCounts { get; set; }

    /// <summary>The responses of the thread itself: not those that it repeats of its parent.</summary>
    public IEnumerable<UsageDraft> Responses(CodexThread? parent, string path)
    {
        foreach (CodexRecord record in Records.Where(record => record.Usage.Total > 0))
        {
            yield return Draft(path, record.Time, record.Usage, record.Context, "codex:" + record.ResponseId, record.ResponseId);
        }

        HashSet<CodexTokens> recordedTotals = [.. Records.Select(record => record.ThreadTotal).OfType<CodexTokens>()];
        List<CodexTokens> recorded = [.. Records.Select(record => record.Usage)];
        int replayed = CountReplayed(parent);
        CodexTokens? before = null;
        for (int i = 0; i < Counts.Count; i++)
        {
            CodexCount count = Counts[i];
            CodexTokens advance = Advance(before, count);
            before = count.Total ?? before;
            if (i < replayed || advance.Total <= 0 || (count.Total is { } total && recordedTotals.Contains(total)) || recorded.Remove(advance))
            {
                continue;
            }

            // A copy of the file, in an archive or at the start of a fork, has the time and the total too. Nothing else tells responses apart.
            string at = count.Time is { } time
                ? FormattableString.Invariant($"{time.UtcTicks}")
                : FormattableString.Invariant($"{Id ?? Path.GetFileName(path)}:{i}");
            CodexTokens shown = count.Total ?? advance;
            yield return Draft(
                path,
                count.Time,
                advance,
                count.Context,
                FormattableString.Invariant($"codex:{at}:{shown.Input}/{shown.Cached}/{shown.Output}"),
                null);
        }
    }

    /// <summary>What a count adds to the ones before. A total that falls is one that began anew.</summary>
    private static CodexTokens Advance(CodexTokens? before, CodexCount count) =>
        count.Total is not { } total ? count.Last.GetValueOrDefault()
        : before is { } previous && total == previous ? default
        : before is { } known && total.Follows(known) ? total - known
        : count.Last ?? total;

    /// <summary>
    /// How many of the first counts are the parent's: those whose totals it has. Where the parent's log is gone, those before the first turn
    /// that the log calls its own or, without that mark, those that follow each other faster than responses can.
    /// </summary>
    private int CountReplayed(CodexThread? parent)
    {
        int count = 0;
        if (parent is not null)
        {
            HashSet<CodexTokens> totals = [.. parent.Counts.Select(known => known.Total).OfType<CodexTokens>()];
            while (count < Counts.Count && Counts[count].Total is { } total && totals.Contains(total))
            {
                count++;
            }
        }
        else if (ParentId is not null && ReplayedCounts is { } told)
        {
            count = told;
        }
        else if (ParentId is not null)
        {
            for (DateTimeOffset? time = Began; count < Counts.Count && Counts[count].Time - time <= ReplayGap; count++)
            {
                time = Counts[count].Time;
            }
        }

        return count;
    }

    private UsageDraft Draft(string path, DateTimeOffset? time, CodexTokens tokens, CodexContext context, string key, string? responseId) => new()
    {
        Source = UsageSource.Codex,
        Timestamp = time,
        SessionId = Id,
        Project = context.Project ?? Project,
        Model = context.Model,
        Provider = Provider ?? "openai",
        Counts = tokens.ToCounts(),
        IsSidechain = IsSubagent,
        Tier = context.Tier,
        ResponseId = responseId,
        Path = path,
        Key = key,
    };
}
