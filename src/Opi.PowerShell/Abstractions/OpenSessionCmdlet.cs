using System.ComponentModel;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>A cmdlet that opens a session and leaves it open.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class OpenSessionCmdlet : OpiCmdlet
{
    /// <summary>Tokens billed since the last compaction at which the next one is due.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long CompactionThreshold { get; set; } = CompactionConfig.DefaultThresholdTokens;

    /// <summary>No compaction is ever due.</summary>
    [Parameter]
    public SwitchParameter NoCompaction { get; set; }

    /// <summary>A turn that makes a compaction due runs it at once.</summary>
    [Parameter]
    public SwitchParameter AutoCompact { get; set; }

    /// <summary>When a turn counts as written.</summary>
    [Parameter]
    public Durability Durability { get; set; }

    /// <summary>What is taken out of tool calls and tool details before they are written.</summary>
    [Parameter]
    public Redaction Redact { get; set; }

    /// <summary>The options that these parameters and a model make.</summary>
    private protected SessionOptions OptionsFor(string? model) => new()
    {
        Model = model,
        Compaction = new CompactionConfig(!NoCompaction, CompactionThreshold),
        AutoCompact = AutoCompact,
        Durability = Durability,
        Redaction = Redact,
    };

    /// <summary>Puts out a session that was opened, and keeps note of it.</summary>
    private protected void WriteOpened(OpiSession session)
    {
        OpenSessions.Add(session);
        WriteObject(session);
    }
}
