namespace Opi;

/// <summary>A source whose messages are looked for, and not its usages: the same places, sometimes other files in them.</summary>
internal sealed class SaidLog(UsageLog log, LogMessages messages) : UsageLog
{
    public override UsageSource Source => log.Source;

    public override LogMessages Messages => messages;

    public override IReadOnlyList<string> Variables => log.Variables;

    public override bool NamesSeveral => log.NamesSeveral;

    public override IEnumerable<NamedFolder> NamedPlaces() => log.NamedPlaces();

    public override bool RefusesForeign => log.RefusesForeign;

    public override IEnumerable<string> Folders() => log.Folders();

    public override IEnumerable<string> OwnFiles() => log.OwnFiles();

    public override bool IsLog(string path) => messages.IsLog(path, own: false) ?? log.IsLog(path);

    public override bool IsOwnLog(string path) => messages.IsLog(path, own: true) ?? log.IsOwnLog(path);

    public override bool IsByproduct(string path) => log.IsByproduct(path) && !TakesByproduct(path);

    public override bool TakesByproduct(string path) => messages.IsLog(path, own: true) == true;

    public override bool Enters(DirectoryInfo folder) => messages.Enters(folder) ?? log.Enters(folder);

    public override LogMatch Match(LogHead head) => messages.Match(head) ?? log.Match(head);

    public override bool OwnsDatabase(string path, IReadOnlySet<string> tables) => log.OwnsDatabase(path, tables);

    /// <summary>The work is in the state of the part, because the caller knows what is looked for.</summary>
    public override void Read(LogPart part, CancellationToken cancellation) => throw new NotSupportedException("Its usages are read elsewhere.");

    /// <inheritdoc/>
    public override void ReadDatabase(LogPart part, StoreDatabase database, CancellationToken cancellation) =>
        ((Action<StoreDatabase>)part.State!)(database);
}
