using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Gives the messages to send to the model next.</summary>
[Cmdlet(VerbsCommon.Get, "OpiContext")]
[OutputType(typeof(AgentMessage))]
public sealed class GetOpiContextCommand : SessionCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        using SessionReader reader = OpenReader(Session, Folder);
        foreach (AgentMessage message in reader.ReadContext().Messages)
        {
            Cancellation.ThrowIfCancellationRequested();
            WriteObject(message);
        }
    });
}
