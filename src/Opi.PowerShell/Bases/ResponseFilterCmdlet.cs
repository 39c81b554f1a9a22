using System.ComponentModel;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>A cmdlet that takes billed responses, or sums of them.</summary>
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

    private protected override UsageQuery QueryOfFilters() => base.QueryOfFilters() with { Machines = Machine, Users = User };
}
