namespace Opi;

/// <summary>
/// The messages that opencode kept as a JSON document each, before it moved to a SQLite database. The database is found and named, not read: a
/// module that ships no other library cannot read it.
/// </summary>
internal sealed class OpenCodeLog : DocumentLog
{
    private static readonly string[] NoMessages = ["snapshot", "log", "bin", "part", "session_diff", "session_share", "tool-output", "todo", "repos"];

    public override UsageSource Source => UsageSource.OpenCode;

    public override IReadOnlyList<string> Variables => ["OPENCODE_DATA_DIR"];

    /// <summary><c>OPENCODE_DATA_DIR</c>, else <c>opencode</c> in <c>XDG_DATA_HOME</c> or <c>~/.local/share</c>.</summary>
    public override IEnumerable<string> Folders() =>
        [OpiFolders.Variable("OPENCODE_DATA_DIR") ?? Path.Combine(
            OpiFolders.Variable("XDG_DATA_HOME") ?? Path.Combine(OpiFolders.Home, ".local", "share"), "opencode")];

    public override bool Enters(DirectoryInfo folder) => !NoMessages.Contains(folder.Name, StringComparer.Ordinal);

    public override bool IsLog(string path) => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || IsDatabase(path);

    public override bool IsOwnLog(string path) =>
        IsDatabase(path) || (IsLog(path) && Path.GetFileName(path).StartsWith("msg_", StringComparison.Ordinal));

    public override LogMatch Match(LogHead head) =>
        !head.Has("sessionID") || !head.Has("role") ? LogMatch.None
        : head.Has("modelID") || head.Has("tokens") || head.Has("time") ? LogMatch.Sure
        : LogMatch.Likely;

    protected override LogLineReader OpenReader(LogPart part) => new OpenCodeReader(part);

    private static bool IsDatabase(string path) =>
        Path.GetFileName(path) is var name && name.StartsWith("opencode", StringComparison.Ordinal) && name.EndsWith(".db", StringComparison.Ordinal);
}
