namespace Opi;

/// <summary>The chats of Gemini CLI: a document each, in newer versions lines.</summary>
internal sealed class GeminiLog : DocumentLog
{
    public override UsageSource Source => UsageSource.Gemini;

    public override LogMessages? Messages { get; } = new GeminiMessages();

    public override bool MovesInTime => true;

    public override IReadOnlyList<string> Variables => ["GEMINI_DATA_DIR", "GEMINI_CLI_HOME"];

    public override bool GrowsOnly => true;

    /// <summary><c>GEMINI_DATA_DIR</c>, else <c>.gemini</c> in <c>GEMINI_CLI_HOME</c> or the user's folder.</summary>
    public override IEnumerable<string> Folders() =>
        [Path.Combine(
            OpiFolders.Variable("GEMINI_DATA_DIR") ?? Path.Combine(OpiFolders.Variable("GEMINI_CLI_HOME") ?? OpiFolders.Home, ".gemini"), "tmp")];

    public override UsageMerge OpenMerge(UsageQuery query) => new GeminiMerge(this);

    public override bool IsLog(string path) => base.IsLog(path) || path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    public override bool IsOwnLog(string path) => IsLog(path) && path.Split('/', '\\').SkipLast(1).Contains("chats");

    public override LogMatch Match(LogHead head) =>
        head.Has("projectHash") || (head.Type == "gemini" && head.Has("id")) ? LogMatch.Sure
        : !head.Has("sessionId") || !head.Has("messages") ? LogMatch.None
        : head.Has("startTime") || head.Has("lastUpdated") ? LogMatch.Sure
        : LogPath.IsIn(head.Path, "chats") ? LogMatch.Likely
        : LogMatch.None;

    protected override LogLineReader OpenReader(LogPart part) => new GeminiReader(part);
}
