using System.Globalization;

namespace Opi.Tests;

/// <summary>What is billed beside the tokens of one model. The figures are those of the providers' price pages.</summary>
public class UsagePricerTests
{
    private static readonly DateTimeOffset Day = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Theory] // USD for a thousand calls
    [InlineData("openai", "gpt-4o", "file_search", 1, "0.0025")]
    [InlineData("openai", "gpt-5", "web_search_call", 2, "0.02")]
    [InlineData("openai", "gpt-5", "mcp", 7, "0")]
    [InlineData("anthropic", "claude-opus-4-8", "web_search_requests", 3, "0.03")]
    [InlineData("anthropic", "claude-opus-4-8", "web_fetch_requests", 3, "0")]
    [InlineData("xai", "grok-4.3", "x_search_calls", 1, "0.005")]
    [InlineData("xai", "grok-4.3", "web_search_calls", 2, "0.01")]
    [InlineData("xai", "grok-4.3", "code_interpreter_calls", 2, "0.01")]
    [InlineData("xai", "grok-4.3", "file_search_calls", 2, "0.005")]
    [InlineData("openai", "gpt-5", "web_search", long.MaxValue, "92233720368547758.07")]
    public void A_call_costs_its_fee(string provider, string model, string kind, long count, string fee)
    {
        UsageCost cost = CostOf(provider, model, new BillingDetails { Fees = [new BilledFee(kind, count)] });
        Assert.True(cost.IsComplete);
        Assert.Equal(decimal.Parse(fee, CultureInfo.InvariantCulture), cost.Breakdown!.SearchCost);
        Assert.Equal(cost.Breakdown.TotalCost, cost.Known);
    }

    [Theory]
    [InlineData("openai", "gpt-5", "code_interpreter")] // a session of a container, which may be an older one
    [InlineData("openai", "gpt-5", "image_generation")]
    [InlineData("anthropic", "claude-opus-4-8", "code_execution")]
    [InlineData("google", "gemini-3.7-flash", "web_search")] // a free amount a month
    [InlineData("openai", "gpt-5", "something_new")]
    public void A_fee_without_a_known_price_leaves_the_cost_incomplete(string provider, string model, string kind)
    {
        UsageCost cost = CostOf(provider, model, new BillingDetails { Fees = [new BilledFee(kind, 1), new BilledFee("web_fetch", 0)] });
        Assert.False(cost.IsComplete);
        Assert.True(cost.Known > 0);
    }

    [Fact]
    public void Searches_without_a_price_leave_the_tokens_known()
    {
        UsageCost cost = CostOf("google", "gemini-3.7-flash", new BillingDetails(WebSearches: 1));
        Assert.Equal((false, 0.0045m), (cost.IsComplete, cost.Known)); // 1,000 in at 0.75 and 1,000 out at 3.75
    }

    [Fact]
    public void A_kind_of_tokens_without_a_price_leaves_the_others_known()
    {
        UsageCost cost = new UsagePricer(PricingCatalog.Default).CostOf(Row("openai", "gpt-4", new Usage(1000, 1000, 500), null));
        Assert.Equal((false, 0.09m), (cost.IsComplete, cost.Known)); // 30 in, 60 out, no price for cached input
    }

    [Theory] // recorded replies: text at 0.3/2.5, 1,290 tokens of an image at 30; sound at 1 of gemini-2.5-flash
    [InlineData("google", "gemini-2.5-flash-image", 7, 1293, "image", 0, 1290, "0.0387096")]
    [InlineData("google", "gemini-2.5-flash", 1000, 100, "audio", 900, 0, "0.00118")]
    [InlineData("google", "gemini-3-pro-image-preview", 10, 1120, "image", 0, 1120, "0.13442")]
    public void Sound_and_made_images_have_prices_of_their_own(
        string provider, string model, long input, long output, string kind, long mediaIn, long mediaOut, string total)
    {
        var billing = new BillingDetails { Media = [new MediaTokens(kind, mediaIn, mediaOut)] };
        UsageCost cost = new UsagePricer(PricingCatalog.Default).CostOf(Row(provider, model, new Usage(input, output), billing));
        Assert.Equal((true, decimal.Parse(total, CultureInfo.InvariantCulture)), (cost.IsComplete, cost.Known));
    }

    [Fact]
    public void Sound_where_nobody_has_a_price_for_it_is_not_priced_as_text()
    {
        var billing = new BillingDetails { Media = [new MediaTokens("audio", 400, 0)] };
        UsageCost cost = new UsagePricer(PricingCatalog.Default).CostOf(Row("mistral", "voxtral-small-latest", new Usage(1000, 1000), billing));
        Assert.Equal((false, 0.00046m), (cost.IsComplete, cost.Known)); // 600 in at 0.1 and 1,000 out at 0.4
    }

    [Fact]
    public void A_pass_is_long_by_its_own_input()
    {
        // Two passes of 180,000 tokens each, neither above 200,000: 3 a million, and not 6 for both.
        var billing = new BillingDetails { Passes = [new UsagePass("compaction", null, 180_000, 0)] };
        UsageCost cost = new UsagePricer(PricingCatalog.Default).CostOf(Row("anthropic", "claude-sonnet-4-5", new Usage(360_000, 0), billing));
        Assert.Equal((true, 1.08m), (cost.IsComplete, cost.Known));
    }

    [Fact]
    public void A_pass_of_a_model_without_a_price_leaves_the_rest_known()
    {
        var billing = new BillingDetails { Passes = [new UsagePass("advisor_message", "claude-opus-6", 1000, 1000)] };
        UsageCost cost = new UsagePricer(PricingCatalog.Default).CostOf(Row("anthropic", "claude-sonnet-4-5", new Usage(2000, 1000), billing));
        Assert.Equal((false, 0.003m), (cost.IsComplete, cost.Known));
    }

    [Theory]
    [InlineData("claude-opus-4-8", true)] // has always cost the same
    [InlineData("claude-opus-4-6", true)] // its prices differ for large requests only
    [InlineData("gpt-5.6-sol", false)] // 5/30, then 4/20
    [InlineData("deepseek-v4-pro", false)] // by the hour
    [InlineData("gemini-3.7-flash", true)] // its next price is to come
    public void Without_a_time_only_what_always_costs_the_same_is_known(string model, bool isKnown)
    {
        OpiUsage row = Row(null, model, new Usage(1000, 1000), null) with { Timestamp = null };
        Assert.Equal(isKnown, new UsagePricer(PricingCatalog.Default).CostOf(row).IsComplete);
    }

    [Fact]
    public void No_count_is_too_large()
    {
        var all = new Usage(long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue) { CacheWrite1hTokens = long.MaxValue };
        var billing = new BillingDetails(ServiceTier.Fast, int.MaxValue)
        {
            UsInference = true,
            Fees = [new BilledFee("web_fetch", long.MaxValue)],
            Passes = [new UsagePass("x", null, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue)],
            Media = [new MediaTokens("audio", long.MaxValue, long.MaxValue, long.MaxValue)],
        };
        Assert.True(new UsagePricer(PricingCatalog.Default).CostOf(Row("anthropic", "claude-opus-4-8", all, billing)).Known > 0);
    }

    private static UsageCost CostOf(string provider, string model, BillingDetails billing) =>
        new UsagePricer(PricingCatalog.Default).CostOf(Row(provider, model, new Usage(1000, 1000), billing));

    private static OpiUsage Row(string? provider, string model, Usage usage, BillingDetails? billing) => new()
    {
        Timestamp = Day,
        Provider = provider,
        Model = model,
        InputTokens = usage.InputTokens,
        OutputTokens = usage.OutputTokens,
        CacheReadTokens = usage.CacheReadTokens,
        CacheWriteTokens = usage.CacheWriteTokens,
        CacheWrite1hTokens = usage.CacheWrite1hTokens,
        TotalTokens = usage.TotalTokens,
        Billing = billing,
    };
}
