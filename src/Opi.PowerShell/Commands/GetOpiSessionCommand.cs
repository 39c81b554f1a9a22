using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Lists sessions.</summary>
[Cmdlet(VerbsCommon.Get, "OpiSession", DefaultParameterSetName = "Stored")]
[OutputType(typeof(OpiSessionInfo), ParameterSetName = ["Stored", "Latest"])]
[OutputType(typeof(OpiSession), ParameterSetName = ["Open"])]
public sealed class GetOpiSessionCommand : OpiCmdlet
{
    private ModelFilter _models = null!;
    private SessionFilter _filter = null!;
    private DateTimeOffset? _since;
    private DateTimeOffset? _until;

    /// <summary>The session: an id, which may have wildcards, or a path.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Stored")]
    [Alias("Path", "SessionId", "Id")]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [SupportsWildcards]
    public SessionReference? Session { get; set; }

    /// <summary>Only the session that was used last, or the last few.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Latest")]
    public SwitchParameter Latest { get; set; }

    /// <summary>How many with -Latest.</summary>
    [Parameter(Position = 0, ParameterSetName = "Latest")]
    [Count("number of sessions")]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = 1;

    /// <summary>The sessions that this process has open.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Open")]
    public SwitchParameter Open { get; set; }

    /// <summary>The folder whose sessions are listed.</summary>
    [Parameter(ParameterSetName = "Stored")]
    [Parameter(ParameterSetName = "Latest")]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    /// <summary>Only sessions of these names.</summary>
    [Parameter(ParameterSetName = "Stored")]
    [Parameter(ParameterSetName = "Latest")]
    [Patterns]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(FolderCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Only sessions with one of these labels.</summary>
    [Parameter(ParameterSetName = "Stored")]
    [Parameter(ParameterSetName = "Latest")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FolderCompleter))]
    public string[]? Label { get; set; }

    /// <summary>Only sessions of these models: their names, or provider:model.</summary>
    [Parameter(ParameterSetName = "Stored")]
    [Parameter(ParameterSetName = "Latest")]
    [Patterns]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string[] Model { get; set; } = [];

    /// <summary>Only sessions whose agent worked in this folder.</summary>
    [Parameter(ParameterSetName = "Stored")]
    [Parameter(ParameterSetName = "Latest")]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>Only sessions that were written to at this time or later.</summary>
    [Parameter(ParameterSetName = "Stored")]
    [Parameter(ParameterSetName = "Latest")]
    [TimeTransformation]
    [ArgumentCompleter(typeof(TimeCompleter))]
    public TimeReference? Since { get; set; }

    /// <summary>Only sessions that were created before this time, or until the end of this day.</summary>
    [Parameter(ParameterSetName = "Stored")]
    [Parameter(ParameterSetName = "Latest")]
    [TimeTransformation]
    [ArgumentCompleter(typeof(TimeCompleter))]
    public TimeReference? Until { get; set; }

    /// <summary>The time zone of -Since and -Until; this machine's by default.</summary>
    [Parameter(ParameterSetName = "Stored")]
    [Parameter(ParameterSetName = "Latest")]
    [TimeZoneTransformation]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    [ValidateNotNull]
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Local;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        (_since, _until) = Span(Since, Until, TimeZone);
        _models = new ModelFilter(Model);
        _filter = new SessionFilter(Name, Label, WorkingDirectory is null ? null : ResolveFilePath(WorkingDirectory));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        if (Open)
        {
            WriteEach(OpenSessions.All);
            return;
        }

        if (Latest)
        {
            WriteEach(this.ReadLatest(StoreAt(Folder), Cancellation).Where(Matches).Take(Count));
            return;
        }

        string? text = Session?.Text is { } given && !SessionStore.IsPath(given) ? given : null;
        IEnumerable<OpiSessionInfo> sessions =
            Session is null ? this.ReadAll(StoreAt(Folder), Cancellation)
            : text is not null && WildcardPattern.ContainsWildcardCharacters(text)
                ? this.ReadAll(StoreAt(Folder), Cancellation, new Wildcard(text).IsMatch)
            : [OpiSessionInfo.Read(PathOf(Session, Folder), Cancellation)];
        WriteEach(sessions.Where(Matches));
    }, Session?.Text is { } id && WildcardPattern.ContainsWildcardCharacters(id) ? id : null);

    private bool Matches(OpiSessionInfo session) =>
        _filter.Takes(session)
        && TakesModel(session.Model)
        && (_since is null || session.LastWriteTime >= _since)
        && (_until is null || session.CreatedAt < _until);

    private bool TakesModel(string? spec)
    {
        (string provider, string model) = ModelName.Split(spec);
        return _models.Takes(provider, model);
    }
}
