using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Creates a session.</summary>
[Cmdlet(VerbsCommon.New, "OpiSession", SupportsShouldProcess = true)]
[OutputType(typeof(OpiSession))]
public sealed class NewOpiSessionCommand : OpenSessionCmdlet
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

    /// <summary>The format version of the file.</summary>
    [Parameter]
    [Count("format version")]
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
            WriteOpened(OpiSession.Create(folder, OptionsFor(Model) with
            {
                WorkingDirectory = WorkingDirectory is null
                    ? SessionState.Path.CurrentFileSystemLocation.ProviderPath
                    : ResolveFilePath(WorkingDirectory),
                FormatVersion = FormatVersion,
            }));
        }
        catch (OpiException error)
        {
            ThrowTerminatingError(error.ToErrorRecord());
        }
    }
}
