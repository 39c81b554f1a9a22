namespace Opi;

/// <summary>Prices responses one after the other, and looks up each model once a day of their times.</summary>
internal sealed class UsagePricer(PricingCatalog catalog)
{
    private static readonly BillingTerms ListPrice = new();

    private readonly Dictionary<(string? Provider, string Model), string> _models = [];
    private readonly Dictionary<(string Model, long Day), ModelPricing?> _prices = [];
    private OpiUsage? _last;
    private string? _lastModel;
    private long _lastDay;
    private ModelPricing? _lastPrice;

    /// <summary>The model as <c>provider:model</c>; null when the log names none. The same model is the same text each time.</summary>
    public string? ModelOf(OpiUsage usage)
    {
        if (_last is not null && ReferenceEquals(usage.Model, _last.Model) && ReferenceEquals(usage.Provider, _last.Provider))
        {
            return _lastModel;
        }

        string? spec = null;
        if (!string.IsNullOrEmpty(usage.Model) && !_models.TryGetValue((usage.Provider, usage.Model), out spec))
        {
            spec = string.IsNullOrEmpty(usage.Provider) ? usage.Model : $"{usage.Provider}:{usage.Model}";
            _models.Add((usage.Provider, usage.Model), spec);
        }

        _last = usage;
        _lastModel = spec;
        _lastPrice = null;
        _lastDay = -1;
        return spec;
    }

    /// <summary>What a response costs; null when its model has no price.</summary>
    public CostBreakdown? CostOf(OpiUsage usage)
    {
        string? model = ModelOf(usage);
        long day = (usage.Timestamp?.UtcTicks ?? 0) / TimeSpan.TicksPerDay;
        if (day != _lastDay)
        {
            _lastPrice = model is null ? null : PriceOf(model, day, usage.Timestamp);
            _lastDay = day;
        }

        BillingTerms terms = usage is { Tier: ServiceTier.Standard, WebSearches: 0 } ? ListPrice : new BillingTerms(usage.Tier, usage.WebSearches);
        return _lastPrice?.CostOf(
            new Usage(usage.InputTokens, usage.OutputTokens, usage.CacheReadTokens, usage.CacheWriteTokens) { CacheWrite1hTokens = usage.CacheWrite1hTokens },
            terms);
    }

    private ModelPricing? PriceOf(string model, long day, DateTimeOffset? time)
    {
        if (!_prices.TryGetValue((model, day), out ModelPricing? price))
        {
            price = catalog.Find(model, time);
            _prices.Add((model, day), price);
        }

        return price;
    }
}
