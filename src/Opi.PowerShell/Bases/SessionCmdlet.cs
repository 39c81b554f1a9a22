using System.ComponentModel;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>A cmdlet that works on a session.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class SessionCmdlet : OpiCmdlet
{
    /// <summary>The session: an open one, an id or a path.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Path", "SessionId", "Id")]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [ValidateNotNull]
    public SessionReference Session { get; set; } = null!;

    /// <summary>The folder in which an id is looked for.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }
}
