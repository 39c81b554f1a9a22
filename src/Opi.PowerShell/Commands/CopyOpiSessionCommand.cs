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
        string path = PathOf(Session, Folder);
        using KnownSession? known = KnownSession.TryOpen(path);
        using SessionReader? reader = known is null ? OpenReader(path) : null;
        string folder = Destination is null ? System.IO.Path.GetDirectoryName(path)! : ResolveFilePath(Destination);
        if (ShouldProcess((known?.Header ?? reader!.Header).Id, $"Copy to a new session in '{folder}'"))
        {
            string copy = (known is null ? null : SessionFork.TryCreate(known, folder, EntryId)) ?? Copy(path, reader, folder);
            WriteObject(OpiSessionInfo.Read(copy, Cancellation));
        }
    });

    private string Copy(string path, SessionReader? reader, string folder)
    {
        using SessionReader? whole = reader is null ? OpenReader(path) : null;
        return SessionFork.Create(reader ?? whole!, folder, EntryId);
    }
}
