namespace Opi.Tests;

public class PricingTests
{
    [Fact]
    public void A_rate_is_shown_in_short()
    {
        Assert.Equal(
            ["Standard above 200000: 6 in, 22.5 out", "Batch: 1.5 in, 7.5 out", "Batch above 200000: 3 in, 11.25 out"],
            PricingCatalog.Default.Find("anthropic:claude-sonnet-4-5")!.Tiers.Select(tier => tier.ToString()));
    }

    [Fact]
    public void Every_price_names_its_source_and_currency()
    {
        Assert.NotEmpty(PricingCatalog.Default.PricesAt());
        Assert.All(PricingCatalog.Default.PricesAt(), price =>
        {
            Assert.Equal("USD", price.Currency);
            Assert.NotEmpty(price.Source);
            Assert.True(price is { InputPrice: >= 0, OutputPrice: >= 0, CacheReadPrice: null or >= 0, CacheWritePrice: null or >= 0 });
        });
    }

    [Fact] // 131, 132
    public void Tokens_add_up_without_wrapping()
    {
        CumulativeUsage usage = CumulativeUsage.Zero.Accumulate(new Usage(100, 50)).Accumulate(new Usage(200, 75, 10, 5));
        Assert.Equal(new CumulativeUsage(300, 125, 10, 5, 2, 0), usage);
        Assert.Equal(440, usage.TotalTokens);

        Usage large = new Usage(4_294_967_295, 0) + new Usage(4_294_967_295, 0);
        Assert.Equal(8589.93459m, new ModelPricing("p", "*", 1, 1, 0, 0, "test").CostOf(large)?.TotalCost);

        Usage limit = new Usage(long.MaxValue, 1) + new Usage(1, 1);
        Assert.Equal((long.MaxValue, 2L, long.MaxValue), (limit.InputTokens, limit.OutputTokens, limit.TotalTokens));
        Assert.True(PricingCatalog.Default.Find(Make.Sonnet)!.CostOf(limit)!.TotalCost > 0); // no overflow
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(1L, null, 1L)]
    [InlineData(null, 0L, 0L)]
    [InlineData(1L, 2L, 3L)]
    public void What_is_reported_a_part_survives_the_sum(long? left, long? right, long? sum)
    {
        Usage total = new Usage(5, 5) { ReasoningTokens = left, CacheWrite1hTokens = right } + new Usage(5, 5) { ReasoningTokens = right, CacheWrite1hTokens = left };
        Assert.Equal((sum, sum), (total.ReasoningTokens, total.CacheWrite1hTokens));
    }
}
