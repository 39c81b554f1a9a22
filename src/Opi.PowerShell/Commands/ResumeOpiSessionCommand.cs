using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Opens an existing session for appending.</summary>
[Cmdlet(VerbsLifecycle.Resume, "OpiSession", DefaultParameterSetName = "Session", SupportsShouldProcess = true)]
[OutputType(typeof(OpiSession))]
public sealed class ResumeOpiSessionCommand : OpiCmdlet
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

    /// <summary>Tokens billed since the last compaction at which the next one is due.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long CompactionThreshold { get; set; } = CompactionConfig.DefaultThresholdTokens;

    /// <summary>No compaction is ever due.</summary>
    [Parameter]
    public SwitchParameter NoCompaction { get; set; }

    /// <summary>A turn that makes a compaction due runs it at once.</summary>
    [Parameter]
    public SwitchParameter AutoCompact { get; set; }

    /// <summary>When a turn counts as written.</summary>
    [Parameter]
    public Durability Durability { get; set; }

    /// <summary>What is taken out of tool calls and tool details before they are written.</summary>
    [Parameter]
    public Redaction Redact { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Resume);

    private void Resume()
    {
        string path = Latest ? LatestPath() : PathOf(Session, Folder);
        if (!ShouldProcess(path, "Open for appending"))
        {
            return;
        }

        var options = new SessionOptions
        {
            Model = Model,
            Compaction = new CompactionConfig(!NoCompaction, CompactionThreshold),
            AutoCompact = AutoCompact,
            Durability = Durability,
            Redaction = Redact,
        };
        OpiSession session = OpiSession.Resume(path, options, Cancellation);
        OpenSessions.Add(session);
        WarnOfFindings(session);
        WriteObject(session);
    }

    private string LatestPath() => this.ReadAll(StoreAt(Folder), Cancellation).FirstOrDefault()?.Path
        ?? throw SessionNotFoundException.NoneIn(StoreAt(Folder).Folder);
}
