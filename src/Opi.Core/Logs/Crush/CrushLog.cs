namespace Opi;

/// <summary>The databases of Crush, one in each project. They have the cost of a session, but not the billed tokens.</summary>
internal sealed class CrushLog : UsageLog
{
    private const string FileName = "crush.db";

    public override UsageSource Source => UsageSource.Crush;

    public override LogMessages? Messages { get; } = new CrushMessages();

    public override bool MovesInTime => true;

    public override bool GrowsOnly => true;

    public override IReadOnlyList<string> Variables => ["CRUSH_GLOBAL_DATA"];

    /// <summary>
    /// Where the list of projects is: <c>CRUSH_GLOBAL_DATA</c>, else <c>%LOCALAPPDATA%\crush</c> on Windows and <c>crush</c> in
    /// <c>XDG_DATA_HOME</c> or <c>~/.local/share</c>.
    /// </summary>
    public override IEnumerable<string> Folders() =>
        [OpiFolders.Variable("CRUSH_GLOBAL_DATA") ?? Path.Combine(
            OperatingSystem.IsWindows() && OpiFolders.Variable("LOCALAPPDATA") is { } data ? data : LogPath.UserData, "crush")];

    /// <summary>The database of each project in the list.</summary>
    public override IEnumerable<string> OwnFiles()
    {
        var files = new List<string>();
        foreach (string list in Folders().Select(folder => Path.Combine(folder, "projects.json")).Where(File.Exists))
        {
            LogValue document = LogValueReader.Parse(RegularFile.ReadAllBytes(list));
            if (!document.IsObject)
            {
                throw new IOException($"{Path.GetFileName(list)}, the list of projects, is not a JSON object, so that their databases are not known");
            }

            foreach (LogValue project in document["projects"u8].Elements)
            {
                string? data = project["data_dir"u8].Text ?? (project["path"u8].Text is { } path ? Path.Combine(path, ".crush") : null);
                if (data is not null)
                {
                    files.Add(Path.Combine(project["path"u8].Text ?? "", data, FileName));
                }
            }
        }

        return files;
    }

    public override bool IsLog(string path) => Path.GetFileName(path) == FileName;

    public override LogMatch Match(LogHead head) => LogMatch.None;

    public override bool OwnsDatabase(string path, IReadOnlySet<string> tables) =>
        tables.Contains("sessions") && tables.Contains("messages") && !tables.Contains("schema_version") && !tables.Contains("usage_ledger");

    public override void ReadDatabase(LogPart part, StoreDatabase database, CancellationToken cancellation) =>
        CrushDatabase.Read(part, database, cancellation);

    public override void Read(LogPart part, CancellationToken cancellation) => throw new NotSupportedException("Crush has no other logs.");
}
