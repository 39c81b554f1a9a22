namespace Opi.Tests;

/// <summary>Every recorded usage: its tokens, whether its cost is known, and the cost at the prices that the line gives.</summary>
public class UsageSampleTests
{
    private const decimal Tolerance = 0.000000001m;

    /// <summary>Why a cost is unknown although all of the reply is understood: of the model there is no price, or more than one.</summary>
    private static readonly string[] OfPrices =
    [
        "model not in the price lists", "no list price for this server", "the price lists differ", "the price depends on the time of day",
        "own machine or subscription", "litellm: no price for cache_read", "genai: no audio",
    ];

    /// <summary>Lines that name a price as the reason, where the reply has something unknown besides.</summary>
    private static readonly Dictionary<string, string> Besides = new()
    {
        ["s199"] = "of the sound nobody tells how much came from the cache",
        ["s209"] = "the host is not the one that states costs so",
    };

    /// <summary>
    /// Lines whose size of the context is none: Ollama had the prompt in its cache and does not count it, so that 38 is the answer alone.
    /// </summary>
    private static readonly string[] NoContext = ["s192"];

    public static TheoryData<string> Ids => [.. UsageSample.All.Select(sample => sample.Id)];

    [Fact]
    public void There_are_as_many_as_were_recorded() => Assert.Equal(327, UsageSample.All.Count);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Tokens_and_cost_are_right(string id)
    {
        UsageSample sample = UsageSample.All.Single(one => one.Id == id);
        AssistantMessage answer = sample.Read();
        Usage usage = answer.Usage;
        BillingDetails billing = usage.Billing!;

        Assert.Equal(
            sample.Tokens, (usage.InputTokens, usage.OutputTokens, usage.CacheReadTokens, usage.CacheWriteTokens, usage.CacheWrite1hTokens ?? 0));
        Assert.Equal(NoContext.Contains(id) ? 0 : sample.ContextTokens ?? 0, usage.ContextTokens);
        Assert.NotNull(billing.Raw);
        if (sample.IsStated)
        {
            Assert.NotNull(billing.StatedCost);
            Assert.InRange(billing.StatedCost.Value, sample.Cost!.Value - Tolerance, sample.Cost.Value + Tolerance);
            return;
        }

        Assert.Null(billing.StatedCost);
        if (sample.Cost is { } cost)
        {
            Assert.Empty(billing.Unknown);
            decimal? priced = CostOf(sample, usage);
            Assert.NotNull(priced);
            Assert.InRange(priced.Value, cost - Tolerance, cost + Tolerance);
        }
        else if (OfPrices.Any(reason => sample.WhyUnknown!.StartsWith(reason, StringComparison.Ordinal)) && !Besides.ContainsKey(id))
        {
            Assert.Empty(billing.Unknown);
        }
        else if (!sample.WhyUnknown!.StartsWith("input is a sum over a loop", StringComparison.Ordinal))
        {
            Assert.NotEmpty(billing.Unknown);
        }
    }

    /// <summary>Where a stated cost has no fees in it, the tokens at the list price give it too.</summary>
    [Fact]
    public void A_derived_cost_stands_beside_the_stated_one()
    {
        UsageSample[] derived = [.. UsageSample.All.Where(sample => sample is { IsStated: true, Derived: not null })];

        Assert.True(derived.Length > 15);
        Assert.All(derived, sample =>
        {
            Usage usage = sample.Read().Usage;
            decimal cost = CostOf(sample, usage with { Billing = usage.Billing! with { Unknown = [] } })!.Value;
            Assert.True(Math.Abs(cost - sample.Derived!.Value) < Tolerance, $"{sample}: {cost}");
        });
    }

    /// <summary>The sum over a loop does not tell whether one request of it was long, which would cost more.</summary>
    [Fact]
    public void A_sum_over_several_requests_is_not_priced_as_a_long_one()
    {
        UsageSample[] loops = [.. UsageSample.All.Where(sample => sample.WhyUnknown?.StartsWith("input is a sum", StringComparison.Ordinal) == true)];

        Assert.Equal(3, loops.Length);
        Assert.All(loops, sample =>
        {
            Usage usage = sample.Read().Usage;
            Assert.Equal((0, true), (usage.ContextTokens, usage.Billing!.WebSearches > 0));
            UsageCost cost = new UsagePricer(PricingCatalog.Default).CostOf(Make.Assistant("x", usage, sample.Model, sample.Provider));
            Assert.False(cost.IsComplete);
            Assert.True(cost.Known > 1, "the part that is known is shown");
        });
    }

    /// <summary>The cost at the prices of the line, by the parts that the usage has.</summary>
    private static decimal? CostOf(UsageSample sample, Usage usage)
    {
        BillingDetails billing = usage.Billing!;
        Usage rest = usage with { Billing = null };
        decimal? sum = sample.Fees;
        foreach (UsagePass pass in billing.Passes)
        {
            sum += sample.Pricing(sample.PartOf(pass))!.CostOf(pass.ToUsage(), billing with { WebSearches = 0, Media = [] })?.TotalCost;
            rest = new Usage(
                rest.InputTokens - pass.InputTokens,
                rest.OutputTokens - pass.OutputTokens,
                rest.CacheReadTokens - pass.CacheReadTokens,
                rest.CacheWriteTokens - pass.CacheWriteTokens);
        }

        // The own model's price stands behind those of the passes before it.
        return sum + sample.Pricing(billing.Passes.Length == 0 || billing.Passes[0].Model is not null ? 0 : 1)!.CostOf(rest, billing)?.TotalCost;
    }
}
