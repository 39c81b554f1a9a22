namespace Opi;

/// <summary>Prices responses, each at its own model and time.</summary>
internal sealed class UsagePricer(PricingCatalog catalog)
{
    private static readonly BillingTerms ListPrice = new();

    private readonly Dictionary<(string? Provider, string Model), string> _models = [];
    private (string? Provider, string? Model, string? Spec) _last;

    /// <summary>The model as <c>provider:model</c>; null when the log names none. The same model is the same text each time.</summary>
    public string? ModelOf(OpiUsage usage) => ModelOf(usage.Provider, usage.Model);

    /// <inheritdoc cref="ModelOf(OpiUsage)"/>
    public string? ModelOf(string? provider, string? model)
    {
        if (string.IsNullOrEmpty(model))
        {
            return null;
        }

        if (ReferenceEquals(model, _last.Model) && ReferenceEquals(provider, _last.Provider))
        {
            return _last.Spec;
        }

        if (!_models.TryGetValue((provider, model), out string? spec))
        {
            spec = string.IsNullOrEmpty(provider) ? model : $"{provider}:{model}";
            _models.Add((provider, model), spec);
        }

        _last = (provider, model, spec);
        return spec;
    }

    /// <summary>What a response costs; null when its model has no price.</summary>
    public CostBreakdown? CostOf(OpiUsage usage) => CostOf(
        ModelOf(usage),
        usage.Timestamp,
        new Usage(usage.InputTokens, usage.OutputTokens, usage.CacheReadTokens, usage.CacheWriteTokens) { CacheWrite1hTokens = usage.CacheWrite1hTokens },
        usage.Tier,
        usage.WebSearches);

    /// <inheritdoc cref="CostOf(OpiUsage)"/>
    /// <param name="model">The model as <see cref="ModelOf(string, string)"/> gives it.</param>
    /// <param name="time">When the response came.</param>
    /// <param name="usage">Its tokens.</param>
    /// <param name="tier">At which rate it was billed.</param>
    /// <param name="searches">How many searches the provider ran for it.</param>
    public CostBreakdown? CostOf(string? model, DateTimeOffset? time, Usage usage, ServiceTier tier, int searches) =>
        catalog.Find(model, time)?.CostOf(usage, tier == ServiceTier.Standard && searches == 0 ? ListPrice : new BillingTerms(tier, searches));
}
