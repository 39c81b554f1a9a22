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
    [Alias("Id", "SessionId", "Path")]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [SupportsWildcards]
    public SessionReference? Session { get; set; }

    /// <summary>Only the session that was written to last.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Latest")]
    public SwitchParameter Latest { get; set; }

    /// <summary>The sessions that this process has open.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Open")]
    public SwitchParameter Open { get; set; }

    /// <summary>The folder whose sessions are listed.</summary>
    [Parameter(ParameterSetName = "Stored")]
    [Parameter(ParameterSetName = "Latest")]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        if (Open)
        {
            WriteObject(OpenSessions.All, enumerateCollection: true);
        }
        else if (Latest)
        {
            WriteObject(this.ReadAll(StoreAt(Folder), Cancellation).Take(1), enumerateCollection: true);
        }
        else if (Session is null)
        {
            WriteObject(this.ReadAll(StoreAt(Folder), Cancellation), enumerateCollection: true);
        }
        else if (Session.Text is { } text && !SessionStore.IsPath(text) && WildcardPattern.ContainsWildcardCharacters(text))
        {
            var pattern = new WildcardPattern(text, WildcardOptions.IgnoreCase);
            WriteObject(this.ReadAll(StoreAt(Folder), Cancellation, pattern.IsMatch), enumerateCollection: true);
        }
        else
        {
            WriteObject(OpiSessionInfo.Read(PathOf(Session, Folder), Cancellation));
        }
    });
}
