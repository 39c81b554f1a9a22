using System.Diagnostics;
using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Deletes a session.</summary>
[Cmdlet(VerbsCommon.Remove, "OpiSession", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveOpiSessionCommand : WritingCmdlet
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly SavedTails _tails = new();

    /// <summary>Asks nothing.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        string path = PathOf(Session, Folder);
        OpiSessionInfo.ReadHeader(path); // what is not a session is not asked about
        bool ask = !Force || MyInvocation.BoundParameters.ContainsKey("Confirm") || MyInvocation.BoundParameters.ContainsKey("WhatIf");
        if (!ask || ShouldProcess(path, "Delete the session"))
        {
            Delete(path);
        }
    });

    /// <summary>Waits for a writer of another process. A session that this process has open will not close by itself.</summary>
    private void Delete(string path)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                SessionStore.Delete(path, NoLock, _tails);
                return;
            }
            catch (SessionLockedException) when (OpenSessions.Find(path) is null && Stopwatch.GetElapsedTime(start).TotalSeconds < TimeoutSec)
            {
                Cancellation.WaitHandle.WaitOne(Pause);
                Cancellation.ThrowIfCancellationRequested();
            }
        }
    }
}
