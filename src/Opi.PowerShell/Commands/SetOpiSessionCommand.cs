using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Changes a session's name, model, thinking level, labels or pins.</summary>
[Cmdlet(VerbsCommon.Set, "OpiSession", SupportsShouldProcess = true)]
[OutputType(typeof(OpiSessionInfo))]
public sealed class SetOpiSessionCommand : WritingCmdlet
{
    /// <summary>The new name; an empty one takes the name away.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? Name { get; set; }

    /// <summary>The model of later turns, as provider:model.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>How much the model is to think.</summary>
    [Parameter]
    [Name<ThinkingLevel>(AllowEmpty = true)]
    public ThinkingLevel? ThinkingLevel { get; set; }

    /// <summary>Labels to put on.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FolderCompleter))]
    public string[] AddLabel { get; set; } = [];

    /// <summary>Labels to take off.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LabelCompleter))]
    public string[] RemoveLabel { get; set; } = [];

    /// <summary>The ids of entries that every compaction keeps word for word.</summary>
    [Parameter]
    [EntryIds]
    [ValidateNotNullOrEmpty]
    public string[] Pin { get; set; } = [];

    /// <summary>The ids of entries that compactions need not keep any more.</summary>
    [Parameter]
    [EntryIds]
    [ValidateNotNullOrEmpty]
    public string[] Unpin { get; set; } = [];

    /// <summary>Gives the session as Get-OpiSession shows it.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        _ = PathOf(Session, Folder); // -WhatIf reports an unknown session too, but does not open it: opening may repair the file
        if (!ShouldProcess(Session.ToString(), "Change the metadata"))
        {
            return;
        }

        OpiSession session = OpenWriter();
        session.Update(new SessionUpdate
        {
            Name = Name,
            Model = Model,
            ThinkingLevel = ThinkingLevel,
            AddLabels = AddLabel,
            RemoveLabels = RemoveLabel,
            Pins = Pin,
            Unpins = Unpin,
        });
        if (PassThru)
        {
            WriteObject(OpiSessionInfo.Read(session.Path, Cancellation));
        }
    });
}
