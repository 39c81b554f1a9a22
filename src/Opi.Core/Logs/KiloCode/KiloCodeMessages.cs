namespace Opi;

/// <summary>Reads what was said in the sessions of Kilo Code: a database like opencode's, and the tasks of older versions of the extension.</summary>
internal sealed class KiloCodeMessages(string extension) : LogMessages
{
    private readonly EditorMessages _tasks = new(extension);
    private readonly OpenCodeMessages _database = new(hasDocuments: false);

    public override bool? IsLog(string path, bool own) =>
        _tasks.IsLog(path, own) == true
        || (Path.GetFileName(path) is var name
            && name.StartsWith("kilo", StringComparison.Ordinal)
            && name.EndsWith(".db", StringComparison.Ordinal));

    public override LogMatch? Match(LogHead head) => _tasks.Match(head);

    public override void ReadPlace(LogEntries entries) => _tasks.ReadPlace(entries);

    public override void Read(LogValue value, LogEntries entries) => _tasks.Read(value, entries);

    public override void ReadDatabase(StoreDatabase database, LogEntries entries, RowVisitor rows) =>
        _database.ReadDatabase(database, entries, rows);
}
