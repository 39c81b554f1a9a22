namespace Opi;

/// <summary>Prices responses, each at its own model and time.</summary>
internal sealed class UsagePricer(PricingCatalog catalog, CostChoice choice = CostChoice.Auto)
{
    private readonly Dictionary<(string? Provider, string Model), string> _models = [];
    private (string? Provider, string? Model, string? Spec) _last;

    /// <summary>The model as <c>provider:model</c>; null when the log names none. The same model is the same text each time.</summary>
    public string? ModelOf(OpiUsage usage)
    {
        (string? provider, string? model) = (usage.Provider, usage.Model);
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

    /// <summary>What an answer costs, by the prices at its time.</summary>
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
    /// What the log has, or a row from elsewhere, where a price was known. A 0 in a log says that the agent knew no price; a price is not
    /// what somebody billed.
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
        bool complete = billing.Unknown.Length == 0;
        CostBreakdown? sum = null;
        Usage rest = CountsOf(usage);
        foreach (UsagePass pass in billing.Passes)
        {
            Usage counts = pass.ToUsage();
            rest = Without(rest, counts);
            Add(Find(pass.Model is { } model ? ModelName.Join(usage.Provider ?? "", model) : ModelOf(usage), usage)
                ?.CostOf(counts, billing with { WebSearches = 0, Media = [] }));
        }

        if (billing.Passes.Length == 0 || rest.TotalTokens > 0 || billing.WebSearches > 0)
        {
            ModelPricing? prices = Find(ModelOf(usage), usage);
            CostBreakdown? whole = prices?.CostOf(rest, billing);
            if (whole is null && billing.Media.Length > 0)
            {
                complete = false; // of sound or images there is no price; of the rest there may be
                whole = prices?.CostOf(billing.Media.Aggregate(rest, (some, part) => some.Without(part)), billing with { Media = [] });
            }

            // A sum over several requests does not tell whether one of them was long.
            complete &= !(billing.ContextTokens == 0 && prices?.HasLongPrices(rest, billing.Tier) == true);
            Add(whole);
        }

        complete &= billing.Fees.Length == 0; // a fee without a known price
        return sum is null ? UsageCost.Unknown : new UsageCost(sum, sum.TotalCost, complete, CostSource.List);

        void Add(CostBreakdown? cost)
        {
            complete &= cost is not null;
            sum = cost is null ? sum : sum is null ? cost : sum + cost;
        }
    }

    private ModelPricing? Find(string? model, OpiUsage usage) => catalog.Find(model, usage.Timestamp);

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
