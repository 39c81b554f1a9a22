using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Closes a session, so that others can write to it.</summary>
[Cmdlet(VerbsCommon.Close, "OpiSession")]
[OutputType(typeof(void))]
public sealed class CloseOpiSessionCommand : SessionCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        OpiSession? session = Session.Session ?? OpenSessions.Find(PathOf(Session, Folder));
        if (session is { State: OpiSessionState.Open })
        {
            session.Close();
        }
        else
        {
            WriteVerbose($"The session '{Session}' is not open in this process.");
        }
    });
}
