using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Opens an existing session for appending.</summary>
[Cmdlet(VerbsLifecycle.Resume, "OpiSession", DefaultParameterSetName = "Session", SupportsShouldProcess = true)]
[OutputType(typeof(OpiSession))]
public sealed class ResumeOpiSessionCommand : OpenSessionCmdlet
{
    /// <summary>The session: an id or a path.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Session")]
    [Alias("Path", "SessionId", "Id")]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [ValidateNotNull]
    public SessionReference Session { get; set; } = null!;

    /// <summary>The session that was written to last.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Latest")]
    public SwitchParameter Latest { get; set; }

    /// <summary>The folder in which the session is looked for.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    /// <summary>The model as provider:model.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>Tool calls without a result get one in the file: an error that says that they were interrupted.</summary>
    [Parameter]
    public SwitchParameter CompleteToolCalls { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Resume);

    private void Resume()
    {
        string path = Latest ? LatestPath() : PathOf(Session, Folder);
        if (!ShouldProcess(path, "Open for appending"))
        {
            return;
        }

        OpiSession session = OpiSession.Resume(path, OptionsFor(Model), Cancellation);
        try
        {
            if (CompleteToolCalls && session.CompleteToolCalls() is { } completed)
            {
                WriteVerbose($"Session '{session.Id}': {completed.EntryIds.Count} tool calls without a result got one: {completed.EntryIds}.");
            }

            WarnOfFindings(session);
        }
        catch
        {
            session.Dispose(); // nobody gets it
            throw;
        }

        WriteOpened(session);
    }

    private string LatestPath() => this.ReadAll(StoreAt(Folder), Cancellation).FirstOrDefault()?.Path
        ?? throw SessionNotFoundException.NoneIn(StoreAt(Folder).Folder);
}
