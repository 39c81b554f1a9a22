using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Checks a session file.</summary>
[Cmdlet(VerbsDiagnostic.Test, "OpiSession")]
[OutputType(typeof(OpiFinding), typeof(bool))]
public sealed class TestOpiSessionCommand : SessionCmdlet
{
    /// <summary>Gives true or false and no findings: whether nothing is worse than information.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        IReadOnlyList<OpiFinding> findings = SessionChecker.Check(PathOf(Session, Folder), Cancellation);
        if (Quiet)
        {
            WriteObject(findings.All(finding => finding.Severity == FindingSeverity.Information));
        }
        else
        {
            WriteEach(findings);
        }
    });
}
