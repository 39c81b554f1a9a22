namespace Opi;

/// <summary>The sessions of Droid. It keeps the sum of a session only, in a document next to the one with the messages.</summary>
internal sealed class DroidLog : DocumentLog
{
    public override UsageSource Source => UsageSource.Droid;

    public override LogMessages? Messages { get; } = new DroidMessages();

    public override IReadOnlyList<string> Variables => ["DROID_SESSIONS_DIR", "FACTORY_DIR"];

    public override bool GrowsOnly => true;

    /// <summary><c>DROID_SESSIONS_DIR</c>, else <c>sessions</c> in <c>FACTORY_DIR</c> or <c>~/.factory</c>.</summary>
    public override IEnumerable<string> Folders() =>
        [OpiFolders.Variable("DROID_SESSIONS_DIR") ?? Path.Combine(
            OpiFolders.Variable("FACTORY_DIR") ?? Path.Combine(OpiFolders.Home, ".factory"), "sessions")];

    public override bool IsLog(string path) => path.EndsWith(".settings.json", StringComparison.OrdinalIgnoreCase);

    /// <summary>The messages of a session, without usage.</summary>
    public override bool IsByproduct(string path) =>
        path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) && LogPath.IsIn(path, ".factory");

    public override LogMatch Match(LogHead head) =>
        head.Has("tokenUsage") || head.Has("providerLock") || head.Has("autonomyMode") || head.Has("assistantActiveTimeMs") ? LogMatch.Sure
        : LogMatch.None;

    protected override LogLineReader OpenReader(LogPart part) => new DroidReader(part);
}
