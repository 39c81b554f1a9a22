namespace Opi;

/// <summary>Prices responses, each at its own model and time.</summary>
internal sealed class UsagePricer(PricingCatalog catalog, CostChoice choice = CostChoice.Auto)
{
    private readonly Dictionary<(string? Provider, string Model), PricedModel> _models = [];
    private string? _lastProvider;
    private string? _lastName;
    private PricedModel? _last;

    /// <summary>The model as <c>provider:model</c>; null when the log names none. The same model is the same text each time.</summary>
    public string? ModelOf(OpiUsage usage) => string.IsNullOrEmpty(usage.Model) ? null : Find(usage.Provider, usage.Model).Spec;

    public PricedUsage Price(OpiUsage usage) => new(usage, ModelOf(usage), CostOf(usage));

    /// <summary>
    /// What a response costs. What its provider stated comes first, then the price of its tokens, then what its log has; the caller's choice
    /// can leave the first or the second out.
    /// </summary>
    public UsageCost CostOf(OpiUsage usage)
    {
        if (choice != CostChoice.List && StatedCostOf(usage) is { } stated)
        {
            return new UsageCost(null, stated, IsComplete: true, CostSource.Billed);
        }

        UsageCost priced = choice == CostChoice.Billed ? UsageCost.Unknown : PriceOf(usage);
        return !priced.IsComplete && choice != CostChoice.List && LoggedCostOf(usage) is (var logged, var source)
            ? new UsageCost(null, logged, IsComplete: true, source)
            : priced;
    }

    public UsageCost CostOf(AssistantMessage answer) => CostOf(new OpiUsage
    {
        Timestamp = WireTime.FromUnixMilliseconds(answer.TimestampMs),
        Provider = answer.Provider,
        Model = answer.Model,
        InputTokens = answer.Usage.InputTokens,
        OutputTokens = answer.Usage.OutputTokens,
        CacheReadTokens = answer.Usage.CacheReadTokens,
        CacheWriteTokens = answer.Usage.CacheWriteTokens,
        CacheWrite1hTokens = answer.Usage.CacheWrite1hTokens,
        TotalTokens = answer.Usage.TotalTokens,
        Tier = answer.Usage.Billing?.Tier ?? ServiceTier.Standard,
        WebSearches = answer.Usage.Billing?.WebSearches ?? 0,
        Billing = answer.Usage.Billing,
    });

    /// <summary>What the provider stated; a row from elsewhere says so by the source of its cost.</summary>
    private static decimal? StatedCostOf(OpiUsage usage) =>
        usage.Billing?.StatedCost ?? (usage.CostSource == CostSource.Billed ? usage.Cost : null);

    /// <summary>
    /// The cost in the log, or in a row from elsewhere, if a price was known. A 0 in a log means that the agent knew no price; a price is not
    /// a billed cost.
    /// </summary>
    private (decimal Cost, CostSource Source)? LoggedCostOf(OpiUsage usage)
    {
        if (usage.LoggedCost is { } logged and > 0)
        {
            return (logged, CostSource.Logged);
        }

        bool isLogged = usage.CostSource is CostSource.None or CostSource.Logged;
        return usage.Cost is { } cost && (isLogged || choice != CostChoice.Billed) ? (cost, isLogged ? CostSource.Logged : usage.CostSource) : null;
    }

    private UsageCost PriceOf(OpiUsage usage)
    {
        BillingDetails billing = usage.Billing
            ?? (usage is { Tier: ServiceTier.Standard, WebSearches: 0 } ? BillingDetails.Plain : new BillingDetails(usage.Tier, usage.WebSearches));
        var sum = new PricedSum();
        Usage rest = CountsOf(usage);
        foreach (UsagePass pass in billing.Passes)
        {
            Usage counts = pass.ToUsage();
            rest = Without(rest, counts);
            sum.Add(Price(usage, pass.Model ?? usage.Model, counts, billing with { WebSearches = 0, Media = [] }));
        }

        if (billing.Passes.Length == 0 || rest.TotalTokens > 0 || billing.WebSearches > 0)
        {
            sum.Add(Price(usage, usage.Model, rest, billing));
        }

        foreach (BilledFee fee in billing.Fees)
        {
            sum.AddFee(FeePrices.Of(sum.Provider ?? LowerCase.Of(usage.Provider ?? ""), fee.Kind) is { } price ? fee.Count * price / 1000m : null);
        }

        return sum.ToCost(isComplete: billing.Unknown.Length == 0);
    }

    /// <summary>
    /// What one model's tokens cost. If the response's time is not known, the cost is known only if it was the same at all times.
    /// </summary>
    private PricedTokens Price(OpiUsage usage, string? model, Usage counts, BillingDetails billing)
    {
        if (string.IsNullOrEmpty(model))
        {
            return default;
        }

        PriceLookup lookup = Find(usage.Provider, model).Prices;
        ModelPricing? price = lookup.PriceAt(usage.Timestamp ?? catalog.Now, out CostSource source);
        bool isComplete = false;
        CostBreakdown? cost = price?.CostOf(counts, billing, out isComplete);

        // A sum over several requests does not show whether one of them was long.
        isComplete &= !(billing.ContextTokens == 0 && price?.HasLongPrices(counts, billing.Tier) == true);
        if (usage.Timestamp is null)
        {
            foreach (ModelPricing other in lookup.PricesUntil(catalog.Now))
            {
                if (other.CostOf(counts, billing, out _)?.TotalCost != cost?.TotalCost)
                {
                    return default;
                }
            }
        }

        return new PricedTokens(cost, isComplete, source, price?.Provider);
    }

    /// <summary>A model with its prices. A log names the same few models again and again, mostly with the same texts.</summary>
    private PricedModel Find(string? provider, string model)
    {
        if (_last is not null && ReferenceEquals(model, _lastName) && ReferenceEquals(provider, _lastProvider))
        {
            return _last;
        }

        if (!_models.TryGetValue((provider, model), out PricedModel? found))
        {
            found = new PricedModel(string.IsNullOrEmpty(provider) ? model : $"{provider}:{model}", catalog.Look(provider, model));
            _models.Add((provider, model), found);
        }

        (_last, _lastName, _lastProvider) = (found, model, provider);
        return found;
    }

    private static Usage CountsOf(OpiUsage usage) =>
        new(usage.InputTokens, usage.OutputTokens, usage.CacheReadTokens, usage.CacheWriteTokens) { CacheWrite1hTokens = usage.CacheWrite1hTokens };

    private static Usage Without(Usage all, Usage part) => new(
        Math.Max(0, all.InputTokens - part.InputTokens),
        Math.Max(0, all.OutputTokens - part.OutputTokens),
        Math.Max(0, all.CacheReadTokens - part.CacheReadTokens),
        Math.Max(0, all.CacheWriteTokens - part.CacheWriteTokens))
    {
        CacheWrite1hTokens = all.CacheWrite1hTokens is { } oneHour ? Math.Max(0, oneHour - (part.CacheWrite1hTokens ?? 0)) : null,
    };
}
