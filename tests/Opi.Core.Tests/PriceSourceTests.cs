using System.Globalization;

namespace Opi.Tests;

/// <summary>Who is asked decides on the price, and whose price it is stands beside the cost.</summary>
[Collection(nameof(OwnPrices))]
public sealed class PriceSourceTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string?> _before = new[] { "OPI_CONFIG_DIR", LocalServers.Variable }
        .ToDictionary(name => name, Environment.GetEnvironmentVariable);

    public PriceSourceTests()
    {
        Environment.SetEnvironmentVariable("OPI_CONFIG_DIR", Path.Combine(_folder.Path, "settings"));
        Environment.SetEnvironmentVariable(LocalServers.Variable, null);
    }

    public void Dispose()
    {
        foreach ((string name, string? value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        _folder.Dispose();
    }

    [Theory] // figures: AWS's regional prices, models.dev of 2026-09-28, the makers' pages
    [InlineData("anthropic", "us.anthropic.claude-opus-4-5-20251101-v1:0", 100_000, 0, "2026-09-10", "0.55", CostSource.List)]
    [InlineData("anthropic", "global.anthropic.claude-opus-4-6-v1", 0, 100_000, "2026-09-10", "2.5", CostSource.List)]
    [InlineData("anthropic", "eu.anthropic.claude-haiku-4-5-20251001-v1:0", 100_000, 0, "2026-09-10", "0.11", CostSource.List)]
    [InlineData("anthropic", "arn:aws:bedrock:us-east-1:1:x/us.anthropic.claude-opus-4-8", 100_000, 0, "2026-09-10", "0.55", CostSource.List)]
    [InlineData("my-gateway", "us.anthropic.claude-opus-4-8", 100_000, 0, "2026-09-10", "0.55", CostSource.List)]
    [InlineData("anthropic", "claude-opus-4-5@20251101", 100_000, 0, "2026-10-01", "0.5", CostSource.List)]
    [InlineData("openai", "azure/gpt-5.6-luna", 100_000, 100_000, "2026-10-01", "0.14", CostSource.List)]
    [InlineData("anthropic", "google/gemini-3.7-flash", 100_000, 100_000, "2026-09-10", "0.45", CostSource.List)]
    [InlineData("openrouter", "google/gemini-3.7-flash", 100_000, 100_000, "2026-09-10", "0.45", CostSource.List)]
    [InlineData("azure", "gpt-5.6-sol", 100_000, 0, "2026-10-01", "0.4", CostSource.List)]
    [InlineData("groq", "openai/gpt-oss-120b", 100_000, 0, "2026-10-01", "0.015", CostSource.List)]
    [InlineData(null, "glm-4.7", 100_000, 100_000, "2026-10-01", "0.28", CostSource.List)] // z.ai's, not the mainland's
    [InlineData(null, "glm-5.1", 100_000, 100_000, "2026-10-01", "0.58", CostSource.List)]
    [InlineData(null, "glm-4.6", 100_000, 100_000, "2026-10-01", "0.28", CostSource.List)]
    [InlineData(null, "gpt-5.3-codex-spark", 100_000, 100_000, "2026-10-01", "1.575", CostSource.List)]
    [InlineData(null, "grok-4.7", 100_000, 100_000, "2026-10-01", "0.8", CostSource.List)]
    [InlineData("mistral", "mistral-large-latest", 100_000, 100_000, "2026-10-01", "0.2", CostSource.List)]
    [InlineData("deepseek", "deepseek-chat", 100_000, 100_000, "2026-10-01", "0.07", CostSource.List)]
    [InlineData("google", "gemini-flash-latest", 100_000, 100_000, "2026-10-01", "0.45", CostSource.List)]
    [InlineData("alibaba", "qwen3-coder-plus", 1000, 1000, "2026-10-01", "0.006", CostSource.List)]
    [InlineData("opencode", "claude-opus-4-8", 100_000, 10_000, "2026-10-01", "0.75", CostSource.List)]
    [InlineData("opencode", "claude-opus-4-1", 100_000, 10_000, "2026-10-01", "2.25", CostSource.Maker)] // a gateway that does not list it
    [InlineData("corp-gateway", "gpt-5.5", 100_000, 10_000, "2026-10-01", "0.8", CostSource.Maker)]
    [InlineData("corp-gateway", "openai/gpt-5.5", 100_000, 10_000, "2026-10-01", "0.8", CostSource.Maker)]
    [InlineData("litellm", "anthropic/claude-opus-4-8", 100_000, 10_000, "2026-10-01", "0.75", CostSource.Maker)]
    [InlineData("zai-coding-plan", "glm-4.7", 100_000, 100_000, "2026-10-01", "0.28", CostSource.Maker)]
    [InlineData("togetherai", "zai-org/GLM-4.7", 100_000, 100_000, "2026-10-01", "0.245", CostSource.List)]
    [InlineData("ollama", "llama3.2", 100_000, 100_000, "2026-10-01", "0", CostSource.Local)]
    [InlineData("LM Studio", "qwen/qwen3-coder-30b", 100_000, 100_000, "2026-10-01", "0", CostSource.Local)]
    [InlineData("llama.cpp", "any", 100_000, 100_000, "2026-10-01", "0", CostSource.Local)]
    [InlineData("vllm-localhost", "Qwen/Qwen3-32B", 100_000, 100_000, "2026-10-01", "0", CostSource.Local)]
    [InlineData("http://127.0.0.1:8000/v1", "gpt-5.5", 100_000, 100_000, "2026-10-01", "0", CostSource.Local)]
    public void A_response_costs_what_who_was_asked_asks_for(
        string? provider, string model, long input, long output, string day, string cost, CostSource source)
    {
        UsageCost known = CostOf(provider, model, input, output, day);
        Assert.Equal((decimal.Parse(cost, CultureInfo.InvariantCulture), true, source), (known.Known, known.IsComplete, known.Source));
    }

    [Theory]
    [InlineData("anthropic", "claude-opus-6")] // in no price list
    [InlineData("anthropic", "claude-haiku-5")]
    [InlineData("anthropic", "claude-sonnet-6")]
    [InlineData("anthropic", "claude-opus-5-7")] // the rule for claude-opus-5 is not for other versions
    [InlineData("anthropic", "claude-sonnet-5.9")]
    [InlineData("google", "gemini-3.6-flash-lite")] // nor the one for gemini-3.6-flash for variants
    [InlineData("google", "gemini-3.5-flash-image")]
    [InlineData(null, "gpt-7")]
    [InlineData("openrouter", "google/gemini-9-flash")]
    [InlineData("corp-gateway", "secret-model")]
    [InlineData("groq", "claude-opus-4-8")] // who was asked does not have it
    [InlineData("ollama-cloud", "gpt-oss:120b")] // no machine of one's own
    [InlineData("ollama", "kimi-k2:1t-cloud")]
    [InlineData("vllm", "gpt-5.5")] // anybody's server, and not the maker
    [InlineData("nvidia", "deepseek-ai/deepseek-v4.1-flash")]
    [InlineData("qwen-token-plan", "glm-5")] // a subscription
    public void What_is_in_no_list_has_no_price(string? provider, string model)
    {
        UsageCost cost = CostOf(provider, model, 1000, 1000, "2026-11-20");
        Assert.Equal((false, 0m, CostSource.None), (cost.IsComplete, cost.Known, cost.Source));
    }

    [Fact]
    public void One_setting_says_that_the_cost_of_a_local_server_is_not_known()
    {
        Environment.SetEnvironmentVariable(LocalServers.Variable, "unknown");
        Assert.False(CostOf("ollama", "llama3.2", 1, 1, "2026-10-01").IsComplete);
        Environment.SetEnvironmentVariable(LocalServers.Variable, "0");
        Assert.True(CostOf("ollama", "llama3.2", 1, 1, "2026-10-01").IsComplete);
    }

    [Fact]
    public void An_own_price_goes_before_a_local_server_and_a_maker()
    {
        PricingCatalog.Set([new ModelPricing("ollama", "*", 1, 1, null, null, ""), new ModelPricing("corp", "gpt-5.5", 2, 2, null, null, "")]);
        Assert.Equal((2m, CostSource.Own), Facts(CostOf("ollama", "llama3.2", 1_000_000, 1_000_000, "2026-10-01")));
        Assert.Equal((4m, CostSource.Own), Facts(CostOf("corp", "gpt-5.5", 1_000_000, 1_000_000, "2026-10-01")));
    }

    [Fact]
    public void Many_own_prices_do_not_change_what_a_model_costs()
    {
        PricingCatalog.Set([.. Enumerable.Range(0, 5000).Select(i => new ModelPricing("corp", $"m{i}", i, 1, null, null, ""))]);
        Assert.Equal(5000, PricingCatalog.Default.PricesAt().Count(price => price.Source == "User"));
        Assert.Equal((4999m, CostSource.Own), Facts(CostOf("corp", "M4999", 1_000_000, 0, "2026-10-01")));
        Assert.Equal((5m, CostSource.List), Facts(CostOf("anthropic", "claude-opus-4-8", 1_000_000, 0, "2026-10-01")));
    }

    [Fact]
    public void Of_two_prices_for_one_name_at_once_the_last_counts()
    {
        PricingCatalog.Set([new ModelPricing("corp", "m", 1, 1, null, null, ""), new ModelPricing("CORP", "M", 2, 2, null, null, "")]);
        Assert.Equal(2m, Assert.Single(PricingCatalog.Default.PricesAt(), price => price.Source == "User").InputPrice);
    }

    private static (decimal, CostSource) Facts(UsageCost cost) => (cost.Known, cost.Source);

    private static UsageCost CostOf(string? provider, string model, long input, long output, string day) =>
        new UsagePricer(PricingCatalog.Default).CostOf(new OpiUsage
        {
            Timestamp = DateTimeOffset.Parse(day + "T12:00:00Z", CultureInfo.InvariantCulture),
            Provider = provider,
            Model = model,
            InputTokens = input,
            OutputTokens = output,
        });
}
