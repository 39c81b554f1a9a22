using System.Text.Json.Nodes;

namespace Opi.Tests;

public class SeedPricingTests
{
    public static TheoryData<int> Rows => [.. Enumerable.Range(0, File.ReadLines(Repository.Golden("pr-pricing.jsonl")).Count())];

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_price_is_the_golden_one(int row)
    {
        JsonNode expected = JsonNode.Parse(File.ReadLines(Repository.Golden("pr-pricing.jsonl")).ElementAt(row))!;
        CostBreakdown? cost = SeedPricing.Default.Find((string?)expected["model"])?.CostOf(Make.ReadUsage(expected["usage"]!.ToJsonString()));
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
        CostBreakdown cost = SeedPricing.Default.Find(model)!.CostOf(new Usage(1_000_000, 500_000))!;
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
        Assert.Null(SeedPricing.Default.Find(model));
}
