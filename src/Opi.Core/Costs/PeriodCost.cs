namespace Opi;

/// <summary>Reads what responses cost into groups: the one path from logs to a figure.</summary>
internal static class PeriodCost
{
    /// <summary>Reads what a query asks for: each response as soon as it is known, the turns without one, and the files that were not read.</summary>
    /// <param name="query">Which responses. Which of their costs is wanted the groups know.</param>
    /// <param name="groups">Takes them.</param>
    /// <param name="progress">Takes the progress; null if not wanted.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="overview">Takes the responses and the files that were not read too; null for none.</param>
    public static UsageScanResult Read(
        UsageQuery query,
        CostGroups groups,
        Action<UsageScanProgress>? progress,
        CancellationToken cancellationToken,
        CostOverview? overview = null)
    {
        UsageScanResult result = UsageScan.StreamPriced(query, groups.Pricer, Add, progress, cancellationToken);
        foreach (IdleTurn turn in result.IdleTurns)
        {
            groups.Add(turn);
        }

        foreach (UsageFinding finding in result.Findings)
        {
            groups.AddUnread(finding);
            overview?.AddUnread(finding);
        }

        return result;

        void Add(PricedUsage priced)
        {
            groups.Add(priced);
            overview?.Add(priced);
        }
    }

    /// <summary>What the period of a moment has cost.</summary>
    /// <param name="query">Whose; its beginning is set here.</param>
    /// <param name="period">The period.</param>
    /// <param name="zone">Whose days and hours.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static CostGroup Of(UsageQuery query, CostPeriod period, TimeZoneInfo zone, DateTimeOffset now, CancellationToken cancellationToken)
    {
        CostGrouping by = Enum.Parse<CostGrouping>(period.ToString());
        var groups = new CostGroups([by], zone, PricingCatalog.Default, query.CostFrom);
        _ = Read(query with { Since = CostGroups.StartOf(by, now, zone) }, groups, null, cancellationToken);
        return groups.ToPeriod(now);
    }
}
