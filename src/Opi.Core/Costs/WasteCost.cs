namespace Opi;

/// <summary>What waste cost, at the list prices of its model and time.</summary>
internal sealed class WasteCost(PricingCatalog catalog)
{
    private readonly UsagePricer _pricer = new(catalog, CostChoice.List);

    public string? ModelOf(OpiUsage response) => _pricer.ModelOf(response);

    public decimal? Whole(OpiUsage response) => _pricer.CostOf(response) is { IsComplete: true, Known: var cost } ? cost : null;

    /// <summary>What a response cost beyond one that had read some of its tokens from the cache; null when not known.</summary>
    /// <param name="response">The response.</param>
    /// <param name="tokens">The tokens: those that were written first, then uncached input.</param>
    public decimal? BeyondHit(OpiUsage response, long tokens)
    {
        long written = Math.Min(tokens, response.CacheWriteTokens), input = Math.Min(tokens - written, response.InputTokens);
        long left = response.CacheWriteTokens - written;
        OpiUsage hit = response with
        {
            InputTokens = response.InputTokens - input,
            CacheWriteTokens = left,
            CacheWrite1hTokens = response.CacheWrite1hTokens is { } hour ? Math.Min(hour, left) : null,
            CacheReadTokens = TokenMath.Add(response.CacheReadTokens, written + input),
        };
        return Whole(response) is { } cost && Whole(hit) is { } lower ? Math.Max(0, cost - lower) : null;
    }

    /// <summary>What it cost to send some tokens to a model for the first time; null when not known.</summary>
    /// <param name="response">A response of that model and time.</param>
    /// <param name="tokens">The tokens.</param>
    public decimal? Sent(OpiUsage response, long tokens)
    {
        bool isWritten = response.CacheWriteTokens > 0;
        return Whole(response with
        {
            InputTokens = isWritten ? 0 : tokens,
            CacheWriteTokens = isWritten ? tokens : 0,
            CacheWrite1hTokens = isWritten && response.CacheWrite1hTokens > 0 ? tokens : null,
            CacheReadTokens = 0,
            OutputTokens = 0,
            ReasoningTokens = null,
            WebSearches = 0,
            Billing = null,
        });
    }
}
