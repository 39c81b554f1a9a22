using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Creates a session.</summary>
[Cmdlet(VerbsCommon.New, "OpiSession", SupportsShouldProcess = true)]
[OutputType(typeof(OpiSession))]
public sealed class NewOpiSessionCommand : OpiCmdlet
{
    /// <summary>The model as provider:model.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>The folder the session is created in.</summary>
    [Parameter]
    [Alias("Folder")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The folder the agent works in.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

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

    /// <summary>The format version of the file.</summary>
    [Parameter]
    [ValidateRange(SessionHeader.DefaultVersion, SessionHeader.HighestVersion)]
    public int FormatVersion { get; set; } = SessionHeader.DefaultVersion;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        string folder = StoreAt(Path).Folder;
        if (!ShouldProcess(folder, "Create a session"))
        {
            return;
        }

        try
        {
            var options = new SessionOptions
            {
                Model = Model,
                WorkingDirectory = WorkingDirectory is null ? SessionState.Path.CurrentFileSystemLocation.ProviderPath : ResolveFilePath(WorkingDirectory),
                Compaction = new CompactionConfig(!NoCompaction, CompactionThreshold),
                AutoCompact = AutoCompact,
                Durability = Durability,
                Redaction = Redact,
                FormatVersion = FormatVersion,
            };
            OpiSession session = OpiSession.Create(folder, options);
            OpenSessions.Add(session);
            WriteObject(session);
        }
        catch (OpiException error)
        {
            ThrowTerminatingError(error.ToErrorRecord());
        }
    }
}
