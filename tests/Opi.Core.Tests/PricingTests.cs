using System.Text.Json.Nodes;

namespace Opi.Tests;

public class PricingTests
{
    public static TheoryData<int> Rows => [.. Enumerable.Range(0, File.ReadLines(Repository.Golden("pr-pricing.jsonl")).Count())];

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_price_is_the_golden_one(int row)
    {
        JsonNode expected = JsonNode.Parse(File.ReadLines(Repository.Golden("pr-pricing.jsonl")).ElementAt(row))!;
        CostBreakdown? cost = PricingCatalog.Default.Find((string?)expected["model"])?.CostOf(Make.ReadUsage(expected["usage"]!.ToJsonString()));
        Assert.Empty(Golden.Differences("cost", expected["cost"], Golden.CostOf(cost)));
    }

    [Theory] // 124, 126
    [InlineData("anthropic:claude-sonnet-4", "3", "7.5")]
    [InlineData("openrouter:anthropic/claude-sonnet-4", "3", "7.5")]
    [InlineData("openrouter:openai/gpt-4o-mini-2024", "0.15", "0.3")]
    [InlineData("openrouter:google/gemini-1.5-pro", "1.25", "2.5")]
    [InlineData("openrouter:mistralai/mistral-small", "0.2", "0.3")]
    [InlineData("gemini:gemini-1.5-flash", "0.075", "0.15")]
    [InlineData("mistral:mistral-large-latest", "2", "3")]
    [InlineData("openai:gpt-4o-mini", "0.15", "0.3")]
    [InlineData("openai-responses:gpt-4o", "2.5", "5")]
    [InlineData("anthropic:anthropic:opus", "15", "37.5")] // the first colon splits
    public void A_million_in_and_half_a_million_out_cost(string model, string input, string output)
    {
        CostBreakdown cost = PricingCatalog.Default.Find(model)!.CostOf(new Usage(1_000_000, 500_000));
        Assert.Equal((decimal.Parse(input, null), decimal.Parse(output, null)), (cost.InputCost, cost.OutputCost));
        Assert.Equal(cost.InputCost + cost.OutputCost, cost.TotalCost);
    }

    [Theory] // 125
    [InlineData(null)]
    [InlineData("")]
    [InlineData("malformed")]
    [InlineData("claude-sonnet-4")]
    [InlineData("future:unknown-model")]
    [InlineData("anthropic:not-a-real-model")]
    [InlineData("Anthropic:claude-sonnet-4")]
    [InlineData("anthropic:CLAUDE-SONNET-4")]
    [InlineData("openai:gpt-4")]
    [InlineData("openai:my-gpt-4o")]
    [InlineData("bedrock:claude-sonnet-4")]
    [InlineData("openrouter:claude-sonnet-4")]
    [InlineData("openrouter:deepseek/deepseek-chat")]
    public void A_model_that_is_not_in_the_table_has_no_price(string? model) =>
        Assert.Null(PricingCatalog.Default.Find(model));

    [Fact]
    public void Every_price_names_its_source_and_currency()
    {
        Assert.NotEmpty(PricingCatalog.Default.Prices);
        Assert.All(PricingCatalog.Default.Prices, price =>
        {
            Assert.Equal("USD", price.Currency);
            Assert.NotEmpty(price.Source);
            Assert.Contains('*', price.Model);
            Assert.True(price is { InputPrice: > 0, OutputPrice: > 0, CacheReadPrice: >= 0, CacheWritePrice: >= 0 });
        });
    }

    [Fact] // 131, 132
    public void Tokens_add_up_without_wrapping()
    {
        CumulativeUsage usage = CumulativeUsage.Zero.Accumulate(new Usage(100, 50)).Accumulate(new Usage(200, 75, 10, 5));
        Assert.Equal(new CumulativeUsage(300, 125, 10, 5, 2, 0), usage);
        Assert.Equal(440, usage.TotalTokens);

        Usage large = new Usage(4_294_967_295, 0) + new Usage(4_294_967_295, 0);
        Assert.Equal(8589.93459m, new ModelPricing("p", "*", 1, 1, 0, 0, "test").CostOf(large).TotalCost);

        Usage limit = new Usage(long.MaxValue, 1) + new Usage(1, 1);
        Assert.Equal((long.MaxValue, 2L, long.MaxValue), (limit.InputTokens, limit.OutputTokens, limit.TotalTokens));
        Assert.True(PricingCatalog.Default.Find(Make.Sonnet)!.CostOf(limit).TotalCost > 0); // no overflow
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(1L, null, 1L)]
    [InlineData(null, 0L, 0L)]
    [InlineData(1L, 2L, 3L)]
    public void What_is_told_of_a_part_survives_the_sum(long? left, long? right, long? sum)
    {
        Usage total = new Usage(5, 5) { ReasoningTokens = left, CacheWrite1hTokens = right } + new Usage(5, 5) { ReasoningTokens = right, CacheWrite1hTokens = left };
        Assert.Equal((sum, sum), (total.ReasoningTokens, total.CacheWrite1hTokens));
    }
}
