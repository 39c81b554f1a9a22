namespace Opi;

/// <summary>
/// The sessions of Kilo Code: a database like opencode's, which the CLI and newer versions of the extension write, and the tasks of older
/// versions of the extension.
/// </summary>
internal sealed class KiloCodeLog : DocumentLog
{
    private const string Extension = "kilocode.kilo-code";

    public override UsageSource Source => UsageSource.KiloCode;

    public override LogMessages? Messages { get; } = new KiloCodeMessages(Extension);

    public override bool GrowsOnly => true;

    /// <summary><c>kilo</c> in <c>XDG_DATA_HOME</c> or <c>~/.local/share</c>, and the extension's folder in each editor.</summary>
    public override IEnumerable<string> Folders() => [Path.Combine(LogPath.UserData, "kilo"), .. EditorFolders.OfExtension(Extension)];

    public override bool IsLog(string path) => Path.GetFileName(path) == EditorTask.FileName || IsDatabase(path);

    /// <summary>The database that <c>KILO_DB</c> names.</summary>
    public override IEnumerable<string> OwnFiles() => NamedDatabase().Select(named => named.Folder);

    public override IEnumerable<NamedFolder> NamedPlaces() => NamedDatabase();

    public override UsageMerge OpenMerge(UsageQuery query) => new OpenCodeMerge();

    public override bool OwnsDatabase(string path, IReadOnlySet<string> tables) =>
        OpenCodeDatabase.HasTables(tables) && IsKilo(path);

    public override void ReadDatabase(LogPart part, StoreDatabase database, CancellationToken cancellation) =>
        OpenCodeDatabase.Read(part, database, Source, "kilocode", cancellation);

    public override bool IsByproduct(string path) => EditorTask.IsBeside(path);

    public override LogMatch Match(LogHead head) => EditorTask.Match(head, [Extension]) ?? LogMatch.None;

    protected override LogLineReader OpenReader(LogPart part) => new EditorTaskReader(part, Source, "kilocode", isPrompt: true);

    /// <summary>Whether a database with opencode's tables is Kilo Code's: it is named so, or <c>KILO_DB</c> names it.</summary>
    public static bool IsKilo(string path) =>
        Path.GetFileName(path).StartsWith("kilo", StringComparison.Ordinal)
            || NamedDatabase().Any(named => Path.GetFullPath(named.Folder) == path);

    private static IEnumerable<NamedFolder> NamedDatabase() => Named("KILO_DB", Path.Combine(LogPath.UserData, "kilo"));

    private static bool IsDatabase(string path) =>
        Path.GetFileName(path) is var name && name.StartsWith("kilo", StringComparison.Ordinal) && name.EndsWith(".db", StringComparison.Ordinal);
}
