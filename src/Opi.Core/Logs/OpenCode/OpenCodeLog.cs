namespace Opi;

/// <summary>
/// The messages of opencode: in a database for each release channel, before that a JSON document each. A message that was moved has the same
/// time, model and counts in all of them, and so has a copy in a fork.
/// </summary>
internal sealed class OpenCodeLog : DocumentLog
{
    private static readonly string[] NoMessages = ["snapshot", "log", "bin", "part", "session_diff", "session_share", "tool-output", "todo", "repos"];

    public override UsageSource Source => UsageSource.OpenCode;

    public override LogMessages? Messages { get; } = new OpenCodeMessages(hasDocuments: true);

    public override IReadOnlyList<string> Variables => ["OPENCODE_DATA_DIR"];

    public override bool GrowsOnly => true;

    /// <summary><c>OPENCODE_DATA_DIR</c>, else <c>opencode</c> in <c>XDG_DATA_HOME</c> or <c>~/.local/share</c>.</summary>
    public override IEnumerable<string> Folders() =>
        [OpiFolders.Variable("OPENCODE_DATA_DIR") ?? Path.Combine(
            LogPath.UserData, "opencode")];

    /// <summary>The database that <c>OPENCODE_DB</c> names.</summary>
    public override IEnumerable<string> OwnFiles() => NamedDatabase().Select(named => named.Folder);

    public override UsageMerge OpenMerge(UsageQuery query) => new OpenCodeMerge();

    public override IEnumerable<NamedFolder> NamedPlaces() => [.. NamedFolders(), .. NamedDatabase()];

    public override bool OwnsDatabase(string path, IReadOnlySet<string> tables) =>
        OpenCodeDatabase.HasTables(tables) && !KiloCodeLog.IsKilo(path);

    public override void ReadDatabase(LogPart part, StoreDatabase database, CancellationToken cancellation) =>
        OpenCodeDatabase.Read(part, database, Source, "opencode", cancellation);

    public override bool Enters(DirectoryInfo folder) => !NoMessages.Contains(folder.Name, StringComparer.Ordinal);

    public override bool IsLog(string path) => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || IsDatabase(path);

    public override bool IsOwnLog(string path) =>
        IsDatabase(path) || (IsLog(path) && Path.GetFileName(path).StartsWith("msg_", StringComparison.Ordinal));

    public override LogMatch Match(LogHead head) =>
        !head.Has("sessionID") ? LogMatch.None
        : !head.Has("role") ? head.Has("modelID") && head.Has("tokens") ? LogMatch.Likely : LogMatch.None
        : head.Has("modelID") || head.Has("tokens") || head.Has("time") ? LogMatch.Sure
        : LogMatch.Likely;

    protected override LogLineReader OpenReader(LogPart part) => new OpenCodeReader(part);

    private static bool IsDatabase(string path) =>
        Path.GetFileName(path) is var name && name.StartsWith("opencode", StringComparison.Ordinal) && name.EndsWith(".db", StringComparison.Ordinal);

    private IEnumerable<NamedFolder> NamedDatabase() => Named("OPENCODE_DB", Folders().First());
}
