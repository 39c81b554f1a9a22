namespace Opi;

/// <summary>Prices responses, each at its own model and time.</summary>
internal sealed class UsagePricer(PricingCatalog catalog)
{
    private static readonly BillingTerms ListPrice = new();

    private readonly Dictionary<(string? Provider, string Model), string> _models = [];
    private OpiUsage? _last;
    private string? _lastModel;

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
        return spec;
    }

    /// <summary>What a response costs; null when its model has no price.</summary>
    public CostBreakdown? CostOf(OpiUsage usage)
    {
        BillingTerms terms = usage is { Tier: ServiceTier.Standard, WebSearches: 0 } ? ListPrice : new BillingTerms(usage.Tier, usage.WebSearches);
        return catalog.Find(ModelOf(usage), usage.Timestamp)?.CostOf(
            new Usage(
                usage.InputTokens,
                usage.OutputTokens,
                usage.CacheReadTokens,
                usage.CacheWriteTokens) { CacheWrite1hTokens = usage.CacheWrite1hTokens },
            terms);
    }
}
