using System.ComponentModel;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>A cmdlet that opens a session and leaves it open.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class OpenSessionCmdlet : TriggerCmdlet
{
    /// <summary>How the session compacts. Other parameters override it.</summary>
    [Parameter]
    [ValidateNotNull]
    public OpiCompactionPolicy? Compaction { get; set; }

    /// <summary>When a turn counts as written.</summary>
    [Parameter]
    [Name<Durability>]
    public Durability Durability { get; set; }

    /// <summary>What is taken out of tool calls and tool details before they are written.</summary>
    [Parameter]
    [Name<Redaction>]
    public Redaction Redact { get; set; }

    /// <summary>A file system that does not lock files is accepted.</summary>
    [Parameter]
    public SwitchParameter NoLock { get; set; }

    private protected override OpiCompactionPolicy Start => Compaction ?? base.Start;

    private protected SessionOptions OptionsFor(string? model) => new()
    {
        Model = model,
        Compaction = PolicyOver(Start),
        Durability = Durability,
        Redaction = Redact,
        WithoutLocks = NoLock,
    };

    /// <summary>Creates a session, with its name and labels where they are given, and puts it out.</summary>
    private protected void CreateSession(string folder, SessionOptions options, string? workingDirectory, string? name, string[] labels)
    {
        OpiSession session = OpiSession.Create(folder, options with
        {
            WorkingDirectory = workingDirectory is null
                ? SessionState.Path.CurrentFileSystemLocation.ProviderPath
                : ResolveFilePath(workingDirectory),
        });
        try
        {
            session.Update(new SessionUpdate { Name = name, AddLabels = labels });
        }
        catch
        {
            session.Dispose(); // it is not put out
            throw;
        }

        WriteOpened(session);
    }

    /// <summary>Writes a session that was opened, and remembers it.</summary>
    private protected void WriteOpened(OpiSession session)
    {
        OpenSessions.Add(session);
        WriteObject(session);
    }
}
