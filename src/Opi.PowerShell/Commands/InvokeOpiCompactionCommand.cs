using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Compacts the context of a session.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "OpiCompaction", SupportsShouldProcess = true)]
[OutputType(typeof(OpiCompactionResult))]
public sealed class InvokeOpiCompactionCommand : SessionCmdlet
{
    /// <summary>Why the session is compacted.</summary>
    [Parameter]
    public CompactionReason Reason { get; set; }

    /// <summary>Makes the summary.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? Summarizer { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        _ = PathOf(Session, Folder);
        if (!ShouldProcess(Session.ToString(), "Compact the context"))
        {
            return;
        }

        OpiSession session = OpenWriter(Session, Folder);
        OpiCompactionResult? result = session.Compact(Reason, Summarizer is null ? null : new ScriptBlockSummarizer(session.Id, Summarizer));
        if (result is null)
        {
            WriteVerbose($"Session '{session.Id}': {(Reason == CompactionReason.Manual ? "nothing to compact" : $"nothing to compact, or no compaction due for the reason {Reason}")}.");
        }
        else
        {
            WriteObject(result);
        }
    });
}
