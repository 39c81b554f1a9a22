namespace Opi;

/// <summary>The database of Hermes Agent, one for each profile: what each model used in a session.</summary>
internal sealed class HermesLog : UsageLog
{
    private const string FileName = "state.db";
    private const string Profiles = "profiles";

    public override UsageSource Source => UsageSource.Hermes;

    public override LogMessages? Messages { get; } = new HermesMessages();

    public override IReadOnlyList<string> Variables => ["HERMES_HOME"];

    public override bool GrowsOnly => true;

    /// <summary><c>HERMES_HOME</c>, else <c>%LOCALAPPDATA%\hermes</c> on Windows and <c>~/.hermes</c>.</summary>
    public override IEnumerable<string> Folders()
    {
        if (OpiFolders.Variable("HERMES_HOME") is { } named)
        {
            return [named];
        }

        string[] local = OperatingSystem.IsWindows() && OpiFolders.Variable("LOCALAPPDATA") is { } data ? [Path.Combine(data, "hermes")] : [];
        return [.. local, Path.Combine(OpiFolders.Home, ".hermes")];
    }

    public override bool IsLog(string path) => Path.GetFileName(path) == FileName;

    /// <summary>Of its many folders only the profiles' folders.</summary>
    public override bool Enters(DirectoryInfo folder) => folder.Name == Profiles || folder.Parent?.Name == Profiles || !IsHome(folder.Parent);

    public override LogMatch Match(LogHead head) => LogMatch.None;

    public override bool OwnsDatabase(string path, IReadOnlySet<string> tables) =>
        Path.GetFileName(path) == FileName && tables.Contains("sessions") && tables.Contains("messages");

    public override void ReadDatabase(LogPart part, StoreDatabase database, CancellationToken cancellation) =>
        HermesDatabase.Read(part, database, cancellation);

    public override void Read(LogPart part, CancellationToken cancellation) => throw new NotSupportedException("Hermes has no other logs.");

    /// <summary>Whether a folder is the agent's own, or a profile's: it has a database.</summary>
    private static bool IsHome(DirectoryInfo? folder) => folder is not null && File.Exists(Path.Combine(folder.FullName, FileName));
}
