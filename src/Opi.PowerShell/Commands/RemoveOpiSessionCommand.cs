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
        OpiSessionInfo session = OpiSessionInfo.Read(path, Cancellation);
        bool ask = !Force || MyInvocation.BoundParameters.ContainsKey("Confirm") || MyInvocation.BoundParameters.ContainsKey("WhatIf");
        if (!ask || ShouldProcess(path, $"Delete the session{(session.Name is { Length: > 0 } name ? $" '{name}'" : "")}"))
        {
            SessionStore.Delete(path);
        }
    });
}
