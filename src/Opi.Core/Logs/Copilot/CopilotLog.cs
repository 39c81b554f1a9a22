namespace Opi;

/// <summary>
/// The sessions of GitHub Copilot CLI: their events, and the database of all sessions. Both have the same responses; older versions only
/// have sums where a session was closed.
/// </summary>
internal sealed class CopilotLog : LineLog
{
    /// <summary>How far apart the times of a response in the events and in the database are.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    public override UsageSource Source => UsageSource.Copilot;

    public override LogMessages? Messages { get; } = new CopilotMessages();

    public override IReadOnlyList<string> Variables => ["COPILOT_HOME"];

    public override bool GrowsOnly => true;

    /// <summary>What the events of a session count for depends on from when on the database has it.</summary>
    public override bool DatabasesGrowToo => false;

    /// <summary><c>COPILOT_HOME</c>, else <c>~/.copilot</c>.</summary>
    public override IEnumerable<string> Folders() => [OpiFolders.Variable("COPILOT_HOME") ?? Path.Combine(OpiFolders.Home, ".copilot")];

    public override bool IsOwnLog(string path) => Path.GetFileName(path) is "events.jsonl" or "session-store.db";

    public override bool IsLog(string path) => base.IsLog(path) || Path.GetFileName(path) == "session-store.db";

    public override bool OwnsDatabase(string path, IReadOnlySet<string> tables) =>
        tables.Contains("assistant_usage_events") || (tables.Contains("sessions") && Path.GetFileName(path) == "session-store.db");

    public override void ReadDatabase(LogPart part, StoreDatabase database, CancellationToken cancellation) =>
        CopilotDatabase.Read(part, database, cancellation);

    public override bool Enters(DirectoryInfo folder) => folder.Name is not ("logs" or "pkg");

    public override LogMatch Match(LogHead head) =>
        !head.Has("data") || !head.Has("parentId") || !head.Has("id") ? LogMatch.None
        : head.Type.StartsWith("session.", StringComparison.Ordinal) || head.Type.StartsWith("assistant.", StringComparison.Ordinal) ? LogMatch.Sure
        : LogMatch.None;

    /// <summary>
    /// Takes of each session what its best record has, and of the next one what was before that. A session that an older version began has
    /// its first legs in the worse record only.
    /// </summary>
    public override IEnumerable<UsageDraft> Merge(IReadOnlyList<LogPart> parts, CancellationToken cancellation)
    {
        var taken = new Dictionary<string, UsageDraft>(StringComparer.Ordinal);
        IEnumerable<CopilotDraft> drafts = InOrderOfTime(parts).SelectMany(part => part.Drafts).Cast<CopilotDraft>();
        foreach (IGrouping<string?, CopilotDraft> session in drafts.GroupBy(draft => draft.SessionId))
        {
            cancellation.ThrowIfCancellationRequested();
            DateTimeOffset begun = DateTimeOffset.MaxValue;
            string? project = session.Select(draft => draft.Project).FirstOrDefault(folder => folder is not null);
            foreach (IGrouping<CopilotRecord, CopilotDraft> record in session.GroupBy(draft => draft.Record).OrderBy(record => record.Key))
            {
                CopilotDraft[] earlier = [.. record.Where(draft => begun == DateTimeOffset.MaxValue || draft.Timestamp < begun - Apart)];
                foreach (CopilotDraft draft in earlier)
                {
                    draft.Project ??= project;
                    if (!taken.TryAdd(draft.Key!, draft))
                    {
                        taken[draft.Key!].Absorb(draft);
                    }
                }

                begun = earlier.Select(draft => draft.Timestamp ?? DateTimeOffset.MinValue).Append(begun).Min();
            }
        }

        return taken.Values;
    }

    protected override LogLineReader OpenReader(LogPart part) => new CopilotReader(part);
}
