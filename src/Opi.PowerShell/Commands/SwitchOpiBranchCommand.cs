using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Makes an entry the tip of a session's conversation.</summary>
[Cmdlet(VerbsCommon.Switch, "OpiBranch", SupportsShouldProcess = true)]
[OutputType(typeof(OpiBranch))]
public sealed class SwitchOpiBranchCommand : WritingCmdlet
{
    /// <summary>The entry: a message or a compaction.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EntryCompleter))]
    public string EntryId { get; set; } = "";

    /// <summary>What happened on the branch that is left.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Summary { get; set; }

    /// <summary>Gives the active branch now.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(
        () =>
        {
            _ = PathOf(Session, Folder); // -WhatIf reports an unknown session too, but does not open it: opening may repair the file
            if (!ShouldProcess(Session.ToString(), $"Go on from entry '{EntryId}'"))
            {
                return;
            }

            OpiSession session = OpenWriter();
            session.SwitchBranch(EntryId, Summary);
            if (PassThru)
            {
                WriteEach(session.ReadBranches().Where(branch => branch.Active));
            }
        });
}
