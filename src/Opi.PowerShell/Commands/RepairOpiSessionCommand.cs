using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Writes what can be saved of a damaged session into a new file.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "OpiSession", SupportsShouldProcess = true)]
[OutputType(typeof(OpiRepairResult))]
public sealed class RepairOpiSessionCommand : SessionCmdlet
{
    // Not the ending of a session, so that lists and costs do not count the session twice.
    private const string Suffix = ".repaired";

    /// <summary>The new file; by default in the folder of the damaged one.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>Replaces the new file if it exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        string path = PathOf(Session, Folder);
        string destination = Destination is null ? path + Suffix : ResolveFilePath(Destination);
        if (ShouldProcess(path, $"Save what can be saved into '{destination}'"))
        {
            WriteObject(SessionRepair.Repair(path, destination, Force, Cancellation));
        }
    });
}
