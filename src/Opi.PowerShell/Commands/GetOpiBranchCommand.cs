using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Gives the branches of a session.</summary>
[Cmdlet(VerbsCommon.Get, "OpiBranch")]
[OutputType(typeof(OpiBranch))]
public sealed class GetOpiBranchCommand : SessionCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        if (FindOpen(Session, Folder) is { } open)
        {
            WriteEach(open.ReadBranches());
            return;
        }

        string path = PathOf(Session, Folder);
        using KnownSession? known = KnownSession.TryOpen(path);
        if (known?.ReadBranches() is { } branches)
        {
            WriteEach(branches);
            return;
        }

        using SessionReader reader = OpenReader(path);
        WriteEach(reader.ReadBranches());
    });
}
