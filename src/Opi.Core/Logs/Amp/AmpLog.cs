namespace Opi;

/// <summary>The threads of Amp that are on this machine: a document each. Newer versions keep them on the server.</summary>
internal sealed class AmpLog : DocumentLog
{
    public override UsageSource Source => UsageSource.Amp;

    public override LogMessages? Messages { get; } = new AmpMessages();

    public override IReadOnlyList<string> Variables => ["AMP_DATA_DIR"];

    public override bool GrowsOnly => true;

    /// <summary><c>AMP_DATA_DIR</c>, else <c>amp</c> in <c>XDG_DATA_HOME</c> or <c>~/.local/share</c>.</summary>
    public override IEnumerable<string> Folders() =>
        [Path.Combine(OpiFolders.Variable("AMP_DATA_DIR") ?? Path.Combine(LogPath.UserData, "amp"), "threads")];

    public override bool IsLog(string path) => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    public override bool IsOwnLog(string path) => IsLog(path) && Path.GetFileName(path).StartsWith("T-", StringComparison.Ordinal);

    public override LogMatch Match(LogHead head) =>
        head.Has("messages") && head.Has("created") && head.Has("id") && head.Has("v") ? LogMatch.Sure : LogMatch.None;

    protected override LogLineReader OpenReader(LogPart part) => new AmpReader(part);
}
