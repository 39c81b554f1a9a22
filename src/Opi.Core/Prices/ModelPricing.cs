using System.Collections.Immutable;

namespace Opi;

/// <summary>What a model costs, in USD per million tokens, and how much it can take.</summary>
/// <param name="Provider">The provider, the part of a model's name before the colon.</param>
/// <param name="Model">The model's name in the catalogue; in a row that is for several, a wildcard pattern.</param>
/// <param name="InputPrice">A million uncached input tokens.</param>
/// <param name="OutputPrice">A million output tokens.</param>
/// <param name="CacheReadPrice">A million tokens read from the cache; null when not known.</param>
/// <param name="CacheWritePrice">A million tokens written to the cache for five minutes; null when not known.</param>
/// <param name="Source">
/// Where the prices are from: Catalog, Import, User, Local for a server on this machine, or opi for opi's own table.
/// </param>
public sealed record ModelPricing(
    string Provider,
    string Model,
    decimal InputPrice,
    decimal OutputPrice,
    decimal? CacheReadPrice,
    decimal? CacheWritePrice,
    string Source)
{
    private readonly ValueList<PriceTier> _tiers = new(new TextList<PriceTier>([]));

    /// <summary>A million tokens written to the cache for one hour; null when not known.</summary>
    public decimal? CacheWrite1hPrice { get; init; }

    /// <summary>A thousand web searches; null when not known.</summary>
    public decimal? SearchPrice { get; init; }

    /// <summary>By how much all token prices rise where inference is bound to the United States; null when not known.</summary>
    public decimal? UsInferenceFactor { get; init; }

    /// <summary>A million uncached input tokens of sound; null when not known.</summary>
    public decimal? AudioInputPrice { get; init; }

    /// <summary>A million output tokens of sound; null when not known.</summary>
    public decimal? AudioOutputPrice { get; init; }

    /// <summary>A million tokens of sound that were read from the cache; null when not known.</summary>
    public decimal? AudioCacheReadPrice { get; init; }

    /// <summary>A million uncached input tokens of images, where they do not cost what text does; null when not known.</summary>
    public decimal? ImageInputPrice { get; init; }

    /// <summary>A million output tokens of images; null when not known.</summary>
    public decimal? ImageOutputPrice { get; init; }

    /// <summary>The project whose data the prices are from, for example genai-prices; null for prices of the user's own.</summary>
    public string? Origin { get; init; }

    /// <summary>The date of that data, as yyyy-MM-dd: they were right then. Null for prices of the user's own.</summary>
    public string? PriceDate { get; init; }

    /// <summary>How many tokens a request can have; null when not known.</summary>
    public long? ContextWindow { get; init; }

    /// <summary>How many tokens an answer can have; null when not known.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>From when on these prices are valid; null for always.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>From which time of the day (UTC) these prices are valid; null for all day.</summary>
    public TimeOnly? DailyFrom { get; init; }

    /// <summary>Until which time of the day (UTC) these prices are valid; null for all day.</summary>
    public TimeOnly? DailyUntil { get; init; }

    /// <summary>Whether <see cref="DailyFrom"/> and <see cref="DailyUntil"/> are for Monday to Friday (UTC) only.</summary>
    public bool WeekdaysOnly { get; init; }

    /// <summary>The prices for requests with much input, and for other rates.</summary>
    public IReadOnlyList<PriceTier> Tiers
    {
        get => _tiers.Items;
        init => _tiers = new(value is TextList<PriceTier> ? value : new TextList<PriceTier>(value));
    }

    /// <summary>The currency of the prices.</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>What a response costs.</summary>
    /// <param name="usage">The tokens of one response. Its whole input decides which of <see cref="Tiers"/> applies.</param>
    /// <param name="billing">
    /// At what rate it was billed, and the searches in it; null for what the usage has. Its passes and fees are left out: <see cref="UsagePricer"/>
    /// adds them.
    /// </param>
    /// <returns>
    /// Null when the cost is not known: for tokens of a kind, a rate or searches that have no price here. A provider without a discount
    /// for cached tokens reports none, so cached tokens without a price mean that the price is missing; it is never taken as 0.
    /// </returns>
    public CostBreakdown? CostOf(Usage usage, BillingDetails? billing = null)
    {
        ArgumentNullException.ThrowIfNull(usage);
        CostBreakdown? cost = CostOf(usage, billing ?? usage.Billing ?? BillingDetails.Plain, out bool isComplete);
        return isComplete ? cost : null;
    }

    /// <summary>What is known of the cost of a response.</summary>
    /// <param name="usage">The tokens of one response.</param>
    /// <param name="billing">As in <see cref="CostOf(Usage, BillingDetails)"/>.</param>
    /// <param name="isComplete">Whether that is all of it.</param>
    /// <returns>Null when nothing is known: its rate has no price here.</returns>
    internal CostBreakdown? CostOf(Usage usage, BillingDetails billing, out bool isComplete)
    {
        isComplete = false;
        if ((billing.UsInference ? UsInferenceFactor : 1) is not { } factor || PricesOf(usage, billing.Tier) is not { } prices)
        {
            return null;
        }

        CostBreakdown cost = billing.Media.Length == 0
            ? prices.CostOf(usage, out isComplete)
            : CostWithMedia(usage, billing.Media, prices, out isComplete);
        cost = cost.Times(factor);
        if (billing.WebSearches == 0)
        {
            return cost;
        }

        isComplete &= SearchPrice is not null;
        return SearchPrice is { } price ? cost with { SearchCost = billing.WebSearches * price / 1000m } : cost;
    }

    /// <summary>Whether requests with this much input have their own price at a rate.</summary>
    internal bool HasLongPrices(Usage usage, ServiceTier tier) => PricesOf(usage, tier)?.AboveInputTokens > 0;

    internal bool IsValidAt(DateTimeOffset at)
    {
        if (at < ValidFrom)
        {
            return false;
        }

        return DailyFrom is not { } from || DailyUntil is not { } until
            || (TimeOnly.FromDateTime(at.UtcDateTime).IsBetween(from, until)
                && !(WeekdaysOnly && at.UtcDateTime.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday));
    }

    internal PriceTier ListPrices => new(ServiceTier.Standard, 0, InputPrice, OutputPrice, CacheReadPrice, CacheWritePrice, CacheWrite1hPrice);

    private PriceTier? PricesOf(Usage usage, ServiceTier tier)
    {
        long input = TokenMath.Add(usage.InputTokens, TokenMath.Add(usage.CacheReadTokens, usage.CacheWriteTokens));
        PriceTier? best = tier == ServiceTier.Standard ? ListPrices : null;
        for (int i = 0; i < Tiers.Count; i++)
        {
            PriceTier candidate = Tiers[i];
            if (candidate.Tier == tier && (candidate.AboveInputTokens == 0 || input > candidate.AboveInputTokens)
                && (best is null || candidate.AboveInputTokens > best.AboveInputTokens))
            {
                best = candidate;
            }
        }

        return best;
    }

    /// <summary>Sound and generated images are parts of the counts. They have their own prices, in the same ratio at every rate.</summary>
    private CostBreakdown CostWithMedia(Usage usage, ImmutableArray<MediaTokens> media, PriceTier prices, out bool isComplete)
    {
        Usage text = usage;
        decimal input = 0;
        decimal output = 0;
        decimal read = 0;
        bool isKnown = true;
        decimal scale = InputPrice == 0 ? 1 : prices.InputPrice / InputPrice;
        foreach (MediaTokens part in media)
        {
            text = text with
            {
                InputTokens = Math.Max(0, text.InputTokens - part.InputTokens),
                OutputTokens = Math.Max(0, text.OutputTokens - part.OutputTokens),
                CacheReadTokens = Math.Max(0, text.CacheReadTokens - part.CacheReadTokens),
            };
            bool isAudio = part.Kind == MediaTokens.Audio;
            bool isImage = part.Kind == MediaTokens.Image;
            input += Cost(part.InputTokens, isAudio ? AudioInputPrice : isImage ? ImageInputPrice ?? InputPrice : null);
            output += Cost(part.OutputTokens, isAudio ? AudioOutputPrice : isImage ? ImageOutputPrice : null);
            read += Cost(part.CacheReadTokens, isAudio ? AudioCacheReadPrice : isImage ? CacheReadPrice : null);
        }

        CostBreakdown cost = prices.CostOf(text, out isComplete);
        isComplete &= isKnown;
        return cost with
        {
            InputCost = cost.InputCost + input,
            OutputCost = cost.OutputCost + output,
            CacheReadCost = cost.CacheReadCost + read,
        };

        decimal Cost(long tokens, decimal? price)
        {
            isKnown &= tokens == 0 || price is not null;
            return tokens * (price ?? 0) * scale / 1_000_000m;
        }
    }
}
