namespace Opi;

/// <summary>
/// Collects what responses cost and writes it as one page of HTML with charts, which needs no other file and no network. Responses are
/// priced by the catalogue; those without a known cost are counted and named, never taken as free.
/// </summary>
public sealed class UsageReport
{
    private readonly PricingCatalog _catalog;
    private readonly UsagePricer _pricer;
    private readonly List<OpiUsage> _responses = []; // waste is told by what came before
    private readonly Dictionary<string, CacheSavings> _savings = new(StringComparer.Ordinal);
    private readonly SortedSet<UsageSource> _sources = [];

    /// <summary>Makes an empty report.</summary>
    /// <param name="catalog">The prices.</param>
    /// <param name="zone">The time zone of days.</param>
    public UsageReport(PricingCatalog catalog, TimeZoneInfo zone)
    {
        _catalog = catalog;
        _pricer = new UsagePricer(catalog);
        Zone = zone;
        PriceDate = catalog.Date;
        ByDayAndModel = new CostGroups([CostGrouping.Day, CostGrouping.Model], zone, catalog);
        ByProject = new CostGroups([CostGrouping.Project], zone, catalog);
        BySession = new CostGroups([CostGrouping.Source, CostGrouping.Session], zone, catalog);
    }

    internal TimeZoneInfo Zone { get; }

    /// <summary>The date of the price data, as yyyy-MM-dd.</summary>
    internal string PriceDate { get; }

    internal CostGroups ByDayAndModel { get; }

    internal CostGroups ByProject { get; }

    internal CostGroups BySession { get; }

    /// <summary>Whose responses there are.</summary>
    internal IReadOnlyCollection<UsageSource> Sources => _sources;

    /// <summary>What caching saved, by model.</summary>
    internal IReadOnlyDictionary<string, CacheSavings> Savings => _savings;

    /// <summary>What the responses cost, by kind of token, where the cost is by tokens and known.</summary>
    internal CostBreakdown Cost { get; private set; } = CostBreakdown.Zero;

    /// <summary>How many responses have no time.</summary>
    internal long Untimed { get; private set; }

    /// <summary>Adds a response.</summary>
    public void Add(OpiUsage usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        ByDayAndModel.Add(usage);
        ByProject.Add(usage);
        BySession.Add(usage);
        _sources.Add(usage.Source);
        _responses.Add(usage);
        Untimed += usage.Timestamp is null ? 1 : 0;
        if (_pricer.CostOf(usage).Breakdown is { } parts)
        {
            Cost += parts;
            NoteSavings(usage, parts);
        }
    }

    /// <summary>Notes a file or folder that was not read: where it may hide responses, the costs are known in part only.</summary>
    /// <param name="finding">What was not read.</param>
    public void AddUnread(UsageFinding finding)
    {
        ByDayAndModel.AddUnread(finding);
        ByProject.AddUnread(finding);
        BySession.AddUnread(finding);
    }

    /// <summary>Writes the report.</summary>
    /// <param name="path">The file; its folder has to exist. It is there whole or not at all, readable by its owner only.</param>
    /// <param name="options">How it is written.</param>
    /// <param name="cancellationToken">Stops the work; then there is no new file.</param>
    /// <exception cref="ExportFailedException">The file is not to be replaced, or cannot be written.</exception>
    public void Write(string path, ReportOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ExportFile.Write(path, options.Overwrite, stream =>
        {
            using var html = new HtmlWriter(stream);
            new ReportPage(this, html, options, cancellationToken).Write();
        });
    }

    /// <summary>What was paid for nothing.</summary>
    internal IReadOnlyList<OpiWaste> FindWaste(CancellationToken cancellationToken)
    {
        var waste = new List<OpiWaste>();
        foreach (OpiWaste row in WasteScan.InResponses(_responses, new WasteCost(_catalog)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            waste.Add(row);
        }

        return waste;
    }

    /// <summary>Compares with what the same tokens would have cost as plain input of the same request.</summary>
    private void NoteSavings(OpiUsage usage, CostBreakdown cost)
    {
        if (_pricer.ModelOf(usage) is not { } model || UncachedCost(usage, cost) is not { } without)
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
        return _pricer.CostOf(
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
