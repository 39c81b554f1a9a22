using System.ComponentModel;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>A cmdlet that writes to a session, which it opens for the call where it is not open in this process.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class WritingCmdlet : SessionCmdlet
{
    /// <summary>How many seconds to wait for another writer to close the session.</summary>
    [Parameter]
    [Count("number of seconds")]
    [ValidateRange(0, MaxTimeout)]
    public int TimeoutSec { get; set; } = DefaultTimeout;

    /// <summary>A file system that does not lock files is accepted.</summary>
    [Parameter]
    public SwitchParameter NoLock { get; set; }

    private protected OpiSession OpenWriter() => OpenWriter(Session, Folder, TimeoutSec, NoLock);
}
