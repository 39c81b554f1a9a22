using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Deletes a session.</summary>
[Cmdlet(VerbsCommon.Remove, "OpiSession", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveOpiSessionCommand : SessionCmdlet
{
    /// <summary>Asks nothing.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        string path = PathOf(Session, Folder);
        OpiSessionInfo.ReadHeader(path); // what is no session is not asked about
        bool ask = !Force || MyInvocation.BoundParameters.ContainsKey("Confirm") || MyInvocation.BoundParameters.ContainsKey("WhatIf");
        if (!ask || ShouldProcess(path, "Delete the session"))
        {
            SessionStore.Delete(path);
        }
    });
}
