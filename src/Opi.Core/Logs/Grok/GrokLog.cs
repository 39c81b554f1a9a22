namespace Opi;

/// <summary>The sessions of Grok Build, which log a usage for each turn and model. Forks copy them with other times.</summary>
internal sealed class GrokLog : LineLog
{
    public override UsageSource Source => UsageSource.Grok;

    public override LogMessages? Messages { get; } = new GrokMessages();

    public override IReadOnlyList<string> Variables => ["GROK_HOME"];

    public override bool GrowsOnly => true;

    /// <summary><c>GROK_HOME</c>, else <c>~/.grok</c>.</summary>
    public override IEnumerable<string> Folders() =>
        [Path.Combine(OpiFolders.Variable("GROK_HOME") ?? Path.Combine(OpiFolders.Home, ".grok"), "sessions")];

    public override bool IsOwnLog(string path) => Path.GetFileName(path) == "updates.jsonl";

    public override LogMatch Match(LogHead head) => head.Has("method") && head.Has("params") ? LogMatch.Sure : LogMatch.None;

    protected override LogLineReader OpenReader(LogPart part) => new GrokReader(part);
}
