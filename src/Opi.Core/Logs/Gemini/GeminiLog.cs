namespace Opi;

/// <summary>The chats of Gemini CLI: a document each, in newer versions lines.</summary>
internal sealed class GeminiLog : DocumentLog
{
    public override UsageSource Source => UsageSource.Gemini;

    public override IReadOnlyList<string> Variables => ["GEMINI_DATA_DIR", "GEMINI_CLI_HOME"];

    /// <summary><c>GEMINI_DATA_DIR</c>, else <c>.gemini</c> in <c>GEMINI_CLI_HOME</c> or the user's folder.</summary>
    public override IEnumerable<string> Folders() =>
        [Path.Combine(
            OpiFolders.Variable("GEMINI_DATA_DIR") ?? Path.Combine(OpiFolders.Variable("GEMINI_CLI_HOME") ?? OpiFolders.Home, ".gemini"), "tmp")];

    public override bool IsLog(string path) => base.IsLog(path) || path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    public override bool IsOwnLog(string path) => IsLog(path) && path.Split('/', '\\').SkipLast(1).Contains("chats");

    public override bool Recognises(LogHead head) =>
        head.Has("projectHash") || (head.Has("sessionId") && head.Has("messages")) || (head.Type == "gemini" && head.Has("id"));

    protected override LogLineReader OpenReader(LogPart part) => new GeminiReader(part);
}
