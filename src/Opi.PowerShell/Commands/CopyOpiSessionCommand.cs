using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Copies a branch of a session into a new session.</summary>
[Cmdlet(VerbsCommon.Copy, "OpiSession", SupportsShouldProcess = true)]
[OutputType(typeof(OpiSessionInfo))]
public sealed class CopyOpiSessionCommand : SessionCmdlet
{
    /// <summary>The last entry to copy; the tip of the active branch by default.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EntryCompleter))]
    public string? EntryId { get; set; }

    /// <summary>The folder of the new session; the source's by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        using SessionReader reader = OpenReader(Session, Folder);
        string folder = Destination is null ? System.IO.Path.GetDirectoryName(reader.Path)! : ResolveFilePath(Destination);
        if (ShouldProcess(reader.Header.Id, $"Copy to a new session in '{folder}'"))
        {
            WriteObject(OpiSessionInfo.Read(SessionFork.Create(reader, folder, EntryId), Cancellation));
        }
    });
}
