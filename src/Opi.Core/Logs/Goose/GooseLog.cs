namespace Opi;

/// <summary>The database of Goose: a row for each response since it keeps a ledger, before that the sum of each session.</summary>
internal sealed class GooseLog : UsageLog
{
    public override UsageSource Source => UsageSource.Goose;

    public override LogMessages? Messages { get; } = new GooseMessages();

    public override bool GrowsOnly => true;

    public override IReadOnlyList<string> Variables => ["GOOSE_PATH_ROOT"];

    /// <summary>
    /// <c>data/sessions</c> in <c>GOOSE_PATH_ROOT</c>, else <c>%APPDATA%\Block\goose\data\sessions</c> on Windows and
    /// <c>goose/sessions</c> in <c>XDG_DATA_HOME</c> or <c>~/.local/share</c>, where it was in <c>Block</c> before.
    /// </summary>
    public override IEnumerable<string> Folders()
    {
        if (OpiFolders.Variable("GOOSE_PATH_ROOT") is { } root)
        {
            return [Path.Combine(root, "data", "sessions")];
        }

        if (OperatingSystem.IsWindows())
        {
            string settings = OpiFolders.Variable("APPDATA") ?? Path.Combine(OpiFolders.Home, "AppData", "Roaming");
            return [Path.Combine(settings, "Block", "goose", "data", "sessions")];
        }

        string[] folders = [Path.Combine(LogPath.UserData, "goose", "sessions"), Path.Combine(LogPath.UserData, "Block", "goose", "sessions")];
        return OperatingSystem.IsMacOS()
            ? [.. folders, Path.Combine(OpiFolders.Home, "Library", "Application Support", "Block", "goose", "sessions")]
            : folders;
    }

    public override bool IsLog(string path) => Path.GetFileName(path) == "sessions.db" && !LogPath.IsIn(path, ".cline");

    public override LogMatch Match(LogHead head) => LogMatch.None;

    public override bool OwnsDatabase(string path, IReadOnlySet<string> tables) =>
        tables.Contains("sessions") && (tables.Contains("usage_ledger") || (tables.Contains("messages") && tables.Contains("schema_version")));

    public override void ReadDatabase(LogPart part, StoreDatabase database, CancellationToken cancellation) =>
        GooseDatabase.Read(part, database, cancellation);

    public override void Read(LogPart part, CancellationToken cancellation) => throw new NotSupportedException("Goose has no other logs.");
}
