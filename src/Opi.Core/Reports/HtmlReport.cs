namespace Opi;

/// <summary>Collects what the page of HTML with charts shows. The page needs no other file and no network.</summary>
internal sealed class HtmlReport : ReportWriter
{
    private readonly List<OpiUsage> _responses = []; // waste shows by what came before
    private readonly Dictionary<string, CacheSavings> _savings = new(StringComparer.Ordinal);
    private readonly SortedSet<UsageSource> _sources = [];

    public HtmlReport(PricingCatalog catalog, TimeZoneInfo zone)
        : base(catalog, zone)
    {
        PriceDate = catalog.Date;
        ByDayAndModel = GroupBy(CostGrouping.Day, CostGrouping.Model);
        BySource = GroupBy(CostGrouping.Source);
        ByProject = GroupBy(CostGrouping.Project);
        ByMachine = GroupBy(CostGrouping.Machine, CostGrouping.User);
        ByBlock = GroupBy(CostGrouping.Block);
        BySession = GroupBy(CostGrouping.Source, CostGrouping.Session);
    }

    /// <summary>The date of the price data, as yyyy-MM-dd.</summary>
    internal string PriceDate { get; }

    internal CostGroups ByDayAndModel { get; }

    internal CostGroups BySource { get; }

    internal CostGroups ByProject { get; }

    internal CostGroups ByMachine { get; }

    internal CostGroups ByBlock { get; }

    internal CostGroups BySession { get; }

    /// <summary>Whose responses there are.</summary>
    internal IReadOnlyCollection<UsageSource> Sources => _sources;

    /// <summary>What is known of the costs, and what is not.</summary>
    internal KnownParts Parts { get; } = new();

    /// <summary>What caching saved, by model.</summary>
    internal IReadOnlyDictionary<string, CacheSavings> Savings => _savings;

    /// <summary>What the responses cost, by kind of token, where the cost is by tokens and known.</summary>
    internal CostBreakdown Cost { get; private set; } = CostBreakdown.Zero;

    /// <summary>How many responses have no time.</summary>
    internal long Untimed { get; private set; }

    /// <inheritdoc/>
    protected override void Add(PricedUsage priced)
    {
        (OpiUsage usage, string? model, UsageCost cost) = priced;
        base.Add(priced);
        _sources.Add(usage.Source);
        _responses.Add(usage);
        Untimed += usage.Timestamp is null ? 1 : 0;
        Parts.Add(priced);
        if (cost.Breakdown is { } parts)
        {
            Cost += parts;
            NoteSavings(usage, model, parts);
        }
    }

    /// <inheritdoc/>
    public override void Write(Stream stream, ReportOptions options, CancellationToken cancellationToken)
    {
        using var html = new HtmlWriter(stream);
        new ReportPage(this, html, options, cancellationToken).Write();
    }

    /// <summary>What was paid for nothing.</summary>
    internal IReadOnlyList<OpiWaste> FindWaste(CancellationToken cancellationToken)
    {
        var waste = new List<OpiWaste>();
        foreach (OpiWaste row in WasteScan.InResponses(_responses, new WasteCost(Catalog)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            waste.Add(row);
        }

        return waste;
    }

    /// <summary>Compares with what the same tokens would have cost as plain input of the same request.</summary>
    private void NoteSavings(OpiUsage usage, string? model, CostBreakdown cost)
    {
        if (model is null || UncachedCost(usage, cost) is not { } without)
        {
            return;
        }

        if (!_savings.TryGetValue(model, out CacheSavings? savings))
        {
            _savings.Add(model, savings = new CacheSavings());
        }

        savings.ReadTokens = TokenMath.Add(savings.ReadTokens, usage.CacheReadTokens);
        savings.WriteTokens = TokenMath.Add(savings.WriteTokens, usage.CacheWriteTokens);
        savings.CostWith += cost.InputCost + cost.CacheReadCost + cost.CacheWriteCost;
        savings.CostWithout += without;
    }

    private decimal? UncachedCost(OpiUsage usage, CostBreakdown cost)
    {
        if (usage is { CacheReadTokens: 0, CacheWriteTokens: 0 })
        {
            return cost.InputCost;
        }

        long prompt = TokenMath.Add(usage.InputTokens, TokenMath.Add(usage.CacheReadTokens, usage.CacheWriteTokens));
        return Pricer.CostOf(
            usage with { InputTokens = prompt, CacheReadTokens = 0, CacheWriteTokens = 0, CacheWrite1hTokens = null }).Breakdown?.InputCost;
    }

    /// <summary>What caching did to the cost of the prompts of a model.</summary>
    internal sealed class CacheSavings
    {
        /// <summary>Tokens read from the cache.</summary>
        public long ReadTokens { get; set; }

        /// <summary>Tokens written to it.</summary>
        public long WriteTokens { get; set; }

        /// <summary>What the prompts cost, in USD.</summary>
        public decimal CostWith { get; set; }

        /// <summary>What they would have cost as plain input.</summary>
        public decimal CostWithout { get; set; }

        /// <summary>The difference; below 0 when caching cost more than it saved.</summary>
        public decimal Saved => CostWithout - CostWith;
    }
}
