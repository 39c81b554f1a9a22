using System.ComponentModel;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>A cmdlet that gives billed responses, or sums of them, as rows.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ResponseRowsCmdlet : ResponseFilterCmdlet
{
    /// <summary>Which cost of a response counts where there are several.</summary>
    [Parameter]
    [Name<CostChoice>]
    public CostChoice CostFrom { get; set; }

    /// <summary>Makes texts that a spreadsheet would take for formulas safe.</summary>
    [Parameter]
    public SwitchParameter SafeForSpreadsheet { get; set; }

    private protected override UsageQuery QueryOfFilters() => base.QueryOfFilters() with { CostFrom = CostFrom };
}
