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

    /// <summary>The session's name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The session's labels.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FolderCompleter))]
    public string[] Label { get; set; } = [];

    /// <summary>The format version of the file.</summary>
    [Parameter]
    [Count("format version")]
    [ValidateRange(SessionHeader.DefaultVersion, SessionHeader.HighestVersion)]
    [ArgumentCompleter(typeof(FormatVersionCompleter))]
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
            CreateSession(folder, OptionsFor(Model) with { FormatVersion = FormatVersion }, WorkingDirectory, Name, Label);
        }
        catch (OpiException error)
        {
            ThrowTerminatingError(error.ToErrorRecord());
        }
    }
}
