using System.ComponentModel;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>A cmdlet that gives billed responses, or sums of them.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ResponseFilterCmdlet : FilterCmdlet
{
    /// <summary>Only responses from these machines.</summary>
    [Parameter]
    [Patterns]
    [SupportsWildcards]
    public string[] Machine { get; set; } = [];

    /// <summary>Only responses of these users.</summary>
    [Parameter]
    [Patterns]
    [SupportsWildcards]
    public string[] User { get; set; } = [];

    /// <summary>Which cost of a response counts where there are several.</summary>
    [Parameter]
    [Name<CostChoice>]
    public CostChoice CostFrom { get; set; }

    /// <summary>Makes texts that a spreadsheet would take for formulas safe.</summary>
    [Parameter]
    public SwitchParameter SafeForSpreadsheet { get; set; }
}
