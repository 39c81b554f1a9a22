namespace Opi;

/// <summary>
/// The sessions of OpenClaw: since 2026.8 in a database for each agent, before in pi's format. Files that were moved to the database, or
/// deleted, may be there for a while and have the same entries.
/// </summary>
internal sealed class OpenClawLog : LineLog
{
    private static readonly string[] Names = [".openclaw", ".clawdbot", ".moltbot", ".moldbot"];

    private readonly PiLog _pi = new();

    public override UsageSource Source => UsageSource.OpenClaw;

    public override LogMessages? Messages { get; } = new OpenClawMessages();

    public override IReadOnlyList<string> Variables => ["OPENCLAW_STATE_DIR", "OPENCLAW_HOME"];

    public override bool GrowsOnly => true;

    /// <summary>
    /// <c>OPENCLAW_STATE_DIR</c>, else <c>.openclaw</c> in <c>OPENCLAW_HOME</c> or the user's folder, where it had other names before.
    /// </summary>
    public override IEnumerable<string> Folders()
    {
        string home = OpiFolders.Variable("OPENCLAW_HOME") ?? OpiFolders.Home;
        string[] homes = OpiFolders.Variable("OPENCLAW_STATE_DIR") is { } named
            ? [named]
            : [.. Names.Select(name => Path.Combine(home, name))];
        return homes.Select(folder => Path.Combine(folder, "agents"));
    }

    public override bool IsLog(string path) =>
        base.IsLog(path)
        || (Path.GetFileName(path) is var name
            && (name == "openclaw-agent.sqlite"
                || name.Contains(".jsonl.bak-", StringComparison.Ordinal)
                || name.Contains(".jsonl.deleted.", StringComparison.Ordinal)
                || name.Contains(".jsonl.reset.", StringComparison.Ordinal)));

    /// <summary>What a run did, step by step: its usage is that of the session's entries.</summary>
    public override bool IsByproduct(string path) => path.EndsWith(".trajectory.jsonl", StringComparison.Ordinal);

    public override LogMatch Match(LogHead head) =>
        LogPath.IsIn(head.Path, "agents") && Path.GetFileName(head.Path) is var name && !name.StartsWith("rollout-", StringComparison.Ordinal)
        && LogPath.IsIn(head.Path, "sessions") && !LogPath.IsIn(head.Path, ".omp") && !LogPath.IsIn(head.Path, ".pi")
            ? _pi.Match(head)
            : _pi.Match(head) == LogMatch.None ? LogMatch.None : LogMatch.Likely;

    public override bool OwnsDatabase(string path, IReadOnlySet<string> tables) => tables.Contains("transcript_events");

    public override void ReadDatabase(LogPart part, StoreDatabase database, CancellationToken cancellation) =>
        OpenClawDatabase.Read(part, database, cancellation);

    protected override LogLineReader OpenReader(LogPart part) => new PiLineReader(part, Source, "openclaw");
}
