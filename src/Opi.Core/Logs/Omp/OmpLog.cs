namespace Opi;

/// <summary>The sessions of OMP, which are in pi's format. A file somewhere else is taken for pi's, which is read alike.</summary>
internal sealed class OmpLog : LineLog
{
    private readonly PiLog _pi = new();

    public override UsageSource Source => UsageSource.Omp;

    public override bool GrowsOnly => true;

    public override LogMessages? Messages { get; } = new PiMessages();

    /// <summary><c>~/.omp/agent</c>.</summary>
    public override IEnumerable<string> Folders() => [Path.Combine(OpiFolders.Home, ".omp", "agent", "sessions")];

    public override LogMatch Match(LogHead head) =>
        LogPath.IsIn(head.Path, ".omp") ? _pi.Match(head) : _pi.Match(head) == LogMatch.None ? LogMatch.None : LogMatch.Likely;

    protected override LogLineReader OpenReader(LogPart part) => new PiLineReader(part, Source, "omp");
}
