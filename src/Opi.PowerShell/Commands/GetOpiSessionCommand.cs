using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Lists sessions.</summary>
[Cmdlet(VerbsCommon.Get, "OpiSession", DefaultParameterSetName = "Stored")]
[OutputType(typeof(OpiSessionInfo), ParameterSetName = ["Stored", "Latest"])]
[OutputType(typeof(OpiSession), ParameterSetName = ["Open"])]
public sealed class GetOpiSessionCommand : OpiCmdlet
{
    /// <summary>The session: an id, which may have wildcards, or a path.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Stored")]
    [Alias("Path", "SessionId", "Id")]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [SupportsWildcards]
    public SessionReference? Session { get; set; }

    /// <summary>Only the session that was written to last, or the last few.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Latest")]
    public SwitchParameter Latest { get; set; }

    /// <summary>How many with -Latest.</summary>
    [Parameter(Position = 0, ParameterSetName = "Latest")]
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

    /// <summary>Only sessions of this name.</summary>
    [Parameter(ParameterSetName = "Stored")]
    [Parameter(ParameterSetName = "Latest")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string? Name { get; set; }

    /// <summary>Only sessions with one of these labels.</summary>
    [Parameter(ParameterSetName = "Stored")]
    [Parameter(ParameterSetName = "Latest")]
    [ValidateNotNullOrEmpty]
    public string[]? Label { get; set; }

    /// <summary>Only sessions of this model.</summary>
    [Parameter(ParameterSetName = "Stored")]
    [Parameter(ParameterSetName = "Latest")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>Only sessions whose agent worked in this folder.</summary>
    [Parameter(ParameterSetName = "Stored")]
    [Parameter(ParameterSetName = "Latest")]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>Only sessions that were written to at this time or later.</summary>
    [Parameter(ParameterSetName = "Stored")]
    [Parameter(ParameterSetName = "Latest")]
    [IsoTime]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Only sessions that were created before this time.</summary>
    [Parameter(ParameterSetName = "Stored")]
    [Parameter(ParameterSetName = "Latest")]
    [IsoTime]
    public DateTimeOffset? Until { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        if (Open)
        {
            WriteObject(OpenSessions.All, enumerateCollection: true);
            return;
        }

        string? text = Session?.Text is { } given && !SessionStore.IsPath(given) ? given : null;
        IEnumerable<OpiSessionInfo> sessions =
            Session is null ? this.ReadAll(StoreAt(Folder), Cancellation)
            : text is not null && WildcardPattern.ContainsWildcardCharacters(text)
                ? this.ReadAll(StoreAt(Folder), Cancellation, Pattern(text).IsMatch)
            : [OpiSessionInfo.Read(PathOf(Session, Folder), Cancellation)];
        sessions = sessions.Where(Matches);
        WriteObject(Latest ? sessions.Take(Count) : sessions, enumerateCollection: true);
    }, Session?.Text is { } id && WildcardPattern.ContainsWildcardCharacters(id) ? id : null);

    private static WildcardPattern Pattern(string text) => new(text, WildcardOptions.IgnoreCase);

    private bool Matches(OpiSessionInfo session) =>
        (Name is null || (session.Name is { } name && Pattern(Name).IsMatch(name)))
        && (Label is null || Label.Any(label => session.Labels.Contains(label, StringComparer.OrdinalIgnoreCase)))
        && (Model is null || (session.Model is { } model && Pattern(Model).IsMatch(model)))
        && (WorkingDirectory is null || SameFolder(session.WorkingDirectory))
        && (Since is null || session.LastWriteTime >= Since)
        && (Until is null || session.CreatedAt < Until);

    private bool SameFolder(string folder)
    {
        StringComparison comparison = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        return string.Equals(folder.TrimEnd('/', '\\'), ResolveFilePath(WorkingDirectory!).TrimEnd('/', '\\'), comparison);
    }
}
