namespace Opi.Tests;

/// <summary>What Opi's sessions cost, by the one way there is: a scan gives the responses, groups add them up.</summary>
internal static class SessionCosts
{
    /// <summary>The groups of the sessions in files and folders.</summary>
    public static CostGroups Of(UsageQuery query, params CostGrouping[] by)
    {
        var groups = new CostGroups(by, TimeZoneInfo.Utc, PricingCatalog.Default);
        foreach (IdleTurn turn in UsageScan.Stream(query, groups.Add).IdleTurns)
        {
            groups.Add(turn);
        }

        return groups;
    }

    /// <summary>The rows of the sessions in a file or folder.</summary>
    public static OpiCost[] Rows(string path, params CostGrouping[] by) =>
        [.. Of(new UsageQuery { Paths = [path] }, by).ToRows().Select(row => row.Cost)];

    /// <summary>The row of the one session in a file.</summary>
    public static OpiCost Row(string path) => Assert.Single(Rows(path, CostGrouping.Session));
}
