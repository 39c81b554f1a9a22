using System.ComponentModel;
using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace Opi.PowerShell.Internal;

/// <summary>What Opi.Types.ps1xml computes of a stored session. Not for scripts: it may change at any time.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SessionCost
{
    private static readonly ConditionalWeakTable<OpiSessionInfo, StrongBox<decimal?>> Known = [];

    /// <summary>
    /// What a session cost, in USD, as Get-OpiCost says; null when that is not known. Reads the file when it is asked for, once an object.
    /// </summary>
    public static object? TotalCost(PSObject session) =>
        session?.BaseObject is OpiSessionInfo info ? Known.GetValue(info, Read).Value : null;

    private static StrongBox<decimal?> Read(OpiSessionInfo info)
    {
        var groups = new CostGroups([CostGrouping.Session], TimeZoneInfo.Utc, PricingCatalog.Default);
        var query = new UsageQuery { Paths = [info.Path], SessionModels = UsageReading.GivenModels() };
        _ = PeriodCost.Read(query, groups, null, CancellationToken.None);
        return new StrongBox<decimal?>(groups.ToTotal().Cost.TotalCost);
    }
}
