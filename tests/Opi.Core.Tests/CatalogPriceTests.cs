using System.Globalization;
using System.Text.Json;

namespace Opi.Tests;

public class CatalogPriceTests
{
    private static readonly DateTimeOffset Day = Time("2026-11-24T12:00:00Z");

    [Theory] // what the sources say; - is not known
    [InlineData("claude-opus-4-8", "5 25 0.5 6.25 10", 1_000_000L)]
    [InlineData("claude-opus-4-6", "5 25 0.5 6.25 10", 1_000_000L)]
    [InlineData("claude-sonnet-4-6", "3 15 0.3 3.75 6", 1_000_000L)]
    [InlineData("claude-opus-4-5-20251101", "5 25 0.5 6.25 10", 200_000L)]
    [InlineData("claude-haiku-4-5-20251001", "1 5 0.1 1.25 2", 200_000L)]
    [InlineData("claude-sonnet-4-5-20250929", "3 15 0.3 3.75 6", 200_000L)]
    [InlineData("claude-opus-4-1-20250805", "15 75 1.5 18.75 30", 200_000L)]
    [InlineData("claude-3-5-haiku-20241022", "0.8 4 0.08 1 1.6", 200_000L)]
    [InlineData("claude-3-haiku-20240307", "0.25 1.25 0.03 0.3 0.5", 200_000L)]
    [InlineData("claude-opus-5", "5 25 0.5 6.25 10", 1_000_000L)]
    [InlineData("claude-sonnet-5", "2 10 0.2 2.5 4", 1_000_000L)]
    [InlineData("gpt-5", "1.25 10 0.125 - -", 272_000L)]
    [InlineData("gpt-5-mini", "0.25 2 0.025 - -", 272_000L)]
    [InlineData("gpt-5-codex", "1.25 10 0.125 - -", 272_000L)]
    [InlineData("gpt-5.1-codex-mini", "0.25 2 0.025 - -", 272_000L)]
    [InlineData("gpt-5.2", "1.75 14 0.175 - -", 272_000L)]
    [InlineData("gpt-5.2-codex", "1.75 14 0.175 - -", 272_000L)]
    [InlineData("gpt-5.3-codex", "1.75 14 0.175 - -", 272_000L)]
    [InlineData("gpt-5.4", "2.5 15 0.25 - -", 1_050_000L)]
    [InlineData("gpt-5.5", "5 30 0.5 - -", 1_050_000L)]
    [InlineData("gpt-4o", "2.5 10 1.25 - -", 128_000L)]
    [InlineData("gpt-4.1", "2 8 0.5 - -", 1_047_576L)]
    [InlineData("o4-mini", "1.1 4.4 0.275 - -", 200_000L)]
    [InlineData("gemini-2.5-pro", "1.25 10 0.125 - -", 1_048_576L)]
    [InlineData("gemini-3.1-pro-preview", "2 12 0.2 - -", 1_048_576L)]
    [InlineData("azure/eu/gpt-4o-2024-08-06", "2.75 11 1.375 - -", 128_000L)]
    [InlineData("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "3.3 16.5 0.33 4.125 6.6", 200_000L)]
    [InlineData("global.anthropic.claude-opus-4-8", "5 25 0.5 6.25 10", 1_000_000L)]
    [InlineData("openrouter:anthropic/claude-opus-4.8-fast", "10 50 1 12.5 20", 1_000_000L)]
    [InlineData("claude-opus-5-5", "4 20 0.2 5 8", 1_000_000L)] // only in pi-ai: not at the price of the rule for claude-opus-5
    [InlineData("claude-sonnet-5-5", "2 10 0.1 2.5 4", 1_000_000L)]
    [InlineData("claude-sonnet-5-5-20261105", "2 10 0.1 2.5 4", 1_000_000L)]
    [InlineData("gpt-6.1-sol", "2 10 0.1 2.5 -", 500_000L)]
    [InlineData("us.anthropic.claude-opus-5-5", "4.4 22 0.22 5.5 8.8", 1_000_000L)]
    [InlineData("apac.anthropic.claude-sonnet-4-20250514-v1:0", "3 15 0.3 3.75 6", 1_000_000L)]
    [InlineData("gpt-5.5-pro", "30 180 30 - -", 1_050_000L)] // OpenAI gives no discount on its cached input
    [InlineData("groq:openai/gpt-oss-safeguard-20b", "0.075 0.3 0.0375 - -", 131_072L)]
    [InlineData("xai:grok-4", "3 15 0.75 - -", 256_000L)]
    public void A_model_costs_what_its_source_says(string model, string prices, long? window)
    {
        ModelPricing price = PricingCatalog.Default.Find(model, Day)!;
        decimal?[] known = [price.InputPrice, price.OutputPrice, price.CacheReadPrice, price.CacheWritePrice, price.CacheWrite1hPrice];
        Assert.Equal(prices, string.Join(' ', known.Select(value => value?.ToString(CultureInfo.InvariantCulture) ?? "-")));
        Assert.Equal((window, window), (price.ContextWindow, PricingCatalog.Default.ContextWindow(model)));
        Assert.Equal("Catalog", price.Source);
    }

    [Fact]
    public void Every_model_of_genai_prices_is_found_by_its_id_at_its_price_of_that_day()
    {
        // Put right by their source: see additions.json.
        string[] corrected = ["deepseek:deepseek-chat", "deepseek:deepseek-reasoner", "mistral:mistral-small-latest", "x-ai:grok-4.20-multi-agent",
            "together:mistralai/Mixtral-8x7B-Instruct-v0.1"];
        DateTimeOffset day = Time("2026-09-23T12:00:00Z");
        foreach (JsonElement provider in Sample("genai-prices_2026-09-23_sample.json").EnumerateArray())
        {
            foreach (JsonElement model in provider.GetProperty("models").EnumerateArray())
            {
                string id = model.GetProperty("id").GetString()!;
                string spec = $"{provider.GetProperty("id").GetString()}:{id}";
                JsonElement prices = model.GetProperty("prices");
                string text = prices.GetRawText();
                bool inTokens = text == "{}" || text.Contains("\"input_mtok\"", StringComparison.Ordinal) || text.Contains("\"output_mtok\"", StringComparison.Ordinal);
                if (!inTokens)
                {
                    continue; // paid by the hour or the page
                }

                ModelPricing? price = PricingCatalog.Default.Find(spec, day);
                Assert.True(price is not null, spec);
                Assert.Equal(spec, $"{price.Provider}:{price.Model}");
                if (!corrected.Contains(spec) && prices.ValueKind == JsonValueKind.Object && prices.TryGetProperty("input_mtok", out JsonElement input) && input.ValueKind == JsonValueKind.Number)
                {
                    Assert.Equal((spec, input.GetDecimal()), (spec, price.InputPrice));
                }
            }
        }
    }

    [Fact]
    public void Every_model_of_LiteLLM_that_is_paid_by_tokens_has_a_price()
    {
        foreach (JsonProperty entry in Sample("litellm_2026-08-01_sample.json").EnumerateObject())
        {
            JsonElement model = entry.Value;
            bool inTokens = model.TryGetProperty("mode", out JsonElement mode) && mode.GetString() is "chat" or "responses" or "completion" or "embedding";
            if (inTokens && model.TryGetProperty("input_cost_per_token", out JsonElement input)
                && input.GetDouble() is > 0 and < 0.01) // a few are in a wrong unit, and left out
            {
                ModelPricing? price = PricingCatalog.Default.Find(entry.Name, Day);
                Assert.True(price is not null, entry.Name);
                double ratio = (double)price.InputPrice / (input.GetDouble() * 1e6);
                Assert.True(ratio is > 0.1 and < 10, $"{entry.Name}: {price.InputPrice} of {price.Provider}:{price.Model}, where LiteLLM has {input.GetDouble() * 1e6}"); // the sources differ, but not by that much
            }
        }
    }

    [Theory]
    [InlineData("claude-opus-4-6", "2026-03-12T23:59:59Z", 300_000, "3")] // 10 a million above 200,000
    [InlineData("claude-opus-4-6", "2026-03-13T00:00:00Z", 300_000, "1.5")]
    [InlineData("gpt-5.6-sol", "2026-08-20T23:59:59Z", 100_000, "0.5")]
    [InlineData("gpt-5.6-sol", "2026-08-21T00:00:00Z", 100_000, "0.4")]
    [InlineData("gpt-5.6-sol", "2026-08-21T01:00:00+02:00", 100_000, "0.5")]
    [InlineData("deepseek-v4-flash", "2026-11-24T00:59:59Z", 1_000_000, "0.15")] // by the time of the day
    [InlineData("deepseek-v4-flash", "2026-11-24T01:00:00Z", 1_000_000, "0.3")]
    [InlineData("deepseek-v4-flash", "2026-11-24T04:00:00Z", 1_000_000, "0.15")]
    [InlineData("deepseek-v4-flash", "2026-11-21T01:00:00Z", 1_000_000, "0.15")] // a Saturday
    [InlineData("deepseek-v4-flash", "2026-08-22T01:00:00Z", 1_000_000, "0.44")] // a Saturday, when weekends had peak hours
    [InlineData("deepseek-v4-flash", "2026-08-16T01:00:00Z", 1_000_000, "0.14")] // before there were any
    [InlineData("deepseek:deepseek-flash", "2026-11-24T07:00:00Z", 1_000_000, "0.3")]
    [InlineData("gemini-3.7-flash", "2026-12-31T23:59:59Z", 1_000_000, "0.75")] // introductory
    [InlineData("gemini-3.7-flash", "2027-01-01T00:00:00Z", 1_000_000, "1.5")]
    [InlineData("gemini-flash-latest", "2027-01-01T00:00:00Z", 1_000_000, "1.5")]
    [InlineData("azure:gpt-5.6-luna", "2026-08-19T12:00:00Z", 1_000_000, "2")] // above 272,000
    [InlineData("azure:gpt-5.6-sol", "2026-08-31T12:00:00Z", 100_000, "0.5")]
    [InlineData("azure:gpt-5.6-sol", "2026-09-01T12:00:00Z", 100_000, "0.4")]
    [InlineData("mistral:mistral-large-latest", "2026-01-29T00:00:00Z", 100_000, "0.05")] // a reply recorded then
    [InlineData("mistral:mistral-small-latest", "2026-08-19T00:00:00Z", 100_000, "0.015")]
    [InlineData("codex-auto-review", "2026-08-01T00:00:00Z", 100_000, "0.02")]
    public void A_response_is_priced_at_its_own_time(string model, string time, long input, string cost) =>
        Assert.Equal(decimal.Parse(cost, CultureInfo.InvariantCulture), PricingCatalog.Default.Find(model, Time(time))!.CostOf(new Usage(input, 0))!.TotalCost);

    [Theory] // a rule of the catalogue knows how their names begin
    [InlineData("claude-sonnet-4-51")]
    [InlineData("claude-sonnet-4-5abc")]
    [InlineData("claude-sonnet-4-5x-20260901")]
    [InlineData("anthropic:claude-opus-4-55")]
    [InlineData("claude-3-opuses")]
    [InlineData("deepseek:deepseek-r1t")]
    public void A_name_that_goes_on_in_the_middle_of_a_word_or_a_number_names_another_model(string model) =>
        Assert.Null(PricingCatalog.Default.Find(model, Day));

    [Theory]
    [InlineData("claude-sonnet-4-20250514", "claude-sonnet-4-0")]
    [InlineData("claude-sonnet-4-5-20250929", "claude-sonnet-4-5")]
    [InlineData("claude-sonnet-4-5@20250929", "claude-sonnet-4-5")]
    [InlineData("openai:ft:gpt-4-0613:acme", "gpt-4")]
    public void A_name_that_goes_on_with_its_date_is_the_same_model(string model, string id) =>
        Assert.Equal(id, PricingCatalog.Default.Find(model, Day)!.Model);

    [Theory] // the whole input decides, and then all tokens have that price
    [InlineData(200_000, 0, 0, "0.6", "1.5")]
    [InlineData(200_001, 0, 0, "1.200006", "2.25")]
    [InlineData(100_000, 50_000, 50_000, "0.3", "1.5")]
    [InlineData(100_000, 50_000, 50_001, "0.6", "2.25")]
    public void A_large_request_costs_more(long input, long read, long write, string inputCost, string outputCost)
    {
        CostBreakdown cost = PricingCatalog.Default.Find("claude-sonnet-4-5")!.CostOf(new Usage(input, 100_000, read, write))!;
        Assert.Equal((inputCost, outputCost), (Text(cost.InputCost), Text(cost.OutputCost)));
    }

    [Theory] // Sonnet 4 and 4.5 had a window of a million tokens: twice the input, half as much again the output
    [InlineData("claude-sonnet-4-20250514", 200_000, "0.6", "15")]
    [InlineData("claude-sonnet-4-20250514", 200_001, "1.200006", "22.5")]
    [InlineData("claude-sonnet-4-0", 300_000, "1.8", "22.5")]
    [InlineData("us.anthropic.claude-sonnet-4-20250514-v1:0", 300_000, "1.8", "22.5")]
    [InlineData("global.anthropic.claude-sonnet-4-5-20250929-v1:0", 300_000, "1.8", "22.5")]
    [InlineData("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", 300_000, "1.98", "24.75")]
    [InlineData("google:claude-sonnet-4@20250514", 300_000, "1.8", "22.5")]
    [InlineData("google:claude-sonnet-4-5@20250929", 300_000, "1.8", "22.5")]
    [InlineData("openrouter:anthropic/claude-sonnet-4", 300_000, "1.8", "22.5")]
    [InlineData("claude-opus-4-20250514", 300_000, "4.5", "75")]
    public void A_large_request_to_Sonnet_4_costs_more_wherever_it_is_sold(string model, long input, string inputCost, string outputCost)
    {
        ModelPricing price = PricingCatalog.Default.Find(model, Time("2025-09-20T12:00:00Z"))!;
        CostBreakdown cost = price.CostOf(new Usage(input, 1_000_000))!;
        Assert.Equal((inputCost, outputCost), (Text(cost.InputCost), Text(cost.OutputCost)));
        Assert.All(price.Tiers.Where(tier => tier.Tier == ServiceTier.Standard), tier => Assert.Equal(tier.InputPrice * 2, tier.CacheWrite1hPrice));
    }

    [Theory] // "above 272K"
    [InlineData("gpt-5.4", 272_000, "0.68")]
    [InlineData("gpt-5.4", 272_001, "1.360005")]
    [InlineData("gpt-6-sol", 272_000, "0.544")]
    [InlineData("gpt-6-sol", 272_001, "1.088004")]
    [InlineData("global.openai.gpt-5.6-sol", 272_000, "1.088")]
    [InlineData("azure:gpt-5.6-terra", 272_001, "1.088004")]
    public void OpenAI_charges_more_for_requests_above_272_000(string model, long input, string cost) =>
        Assert.Equal(cost, Text(PricingCatalog.Default.Find(model, Day)!.CostOf(new Usage(input, 0))!.TotalCost));

    [Fact]
    public void What_is_written_to_the_cache_for_an_hour_costs_more()
    {
        ModelPricing price = PricingCatalog.Default.Find("claude-opus-4-8")!;
        Assert.Equal(6.25m, price.CostOf(new Usage(0, 0, 0, 1_000_000))!.CacheWriteCost);
        Assert.Equal(10m, price.CostOf(new Usage(0, 0, 0, 1_000_000) { CacheWrite1hTokens = 1_000_000 })!.CacheWriteCost);
        Assert.Equal(7m, price.CostOf(new Usage(0, 0, 0, 1_000_000) { CacheWrite1hTokens = 200_000 })!.CacheWriteCost);
        Assert.Equal(10m, price.CostOf(new Usage(0, 0, 0, 1_000_000) { CacheWrite1hTokens = 9_000_000 })!.CacheWriteCost); // a part is not more than the whole
    }

    [Theory]
    [InlineData("claude-opus-4-8", ServiceTier.Fast, "10", "50")]
    [InlineData("claude-opus-4-7", ServiceTier.Fast, "30", "150")]
    [InlineData("claude-opus-4-8", ServiceTier.Batch, "2.5", "12.5")]
    [InlineData("claude-haiku-4-5", ServiceTier.Batch, "0.5", "2.5")]
    [InlineData("gpt-5-mini", ServiceTier.Flex, "0.125", "1")]
    [InlineData("gpt-5-mini", ServiceTier.Priority, "0.45", "3.6")]
    [InlineData("o4-mini", ServiceTier.Flex, "0.55", "2.2")]
    [InlineData("gpt-4.1", ServiceTier.Batch, "1", "4")]
    [InlineData("gpt-5.6-sol", ServiceTier.Priority, "8", "40")] // cut in August: the rates are ratios of the price
    [InlineData("gpt-5.6-sol", ServiceTier.Flex, "2", "10")]
    [InlineData("gpt-5.6-sol", ServiceTier.Batch, "2", "10")]
    [InlineData("gpt-5.6-terra", ServiceTier.Priority, "4", "24")]
    [InlineData("gpt-6-astra", ServiceTier.Priority, "20", "100")]
    [InlineData("gpt-6-astra", ServiceTier.Flex, "5", "25")]
    [InlineData("gpt-5.5", ServiceTier.Priority, "12.5", "75")]
    [InlineData("gpt-5", ServiceTier.Priority, "2.5", "20")]
    [InlineData("gpt-5", ServiceTier.Flex, "0.625", "5")]
    [InlineData("claude-opus-5-5", ServiceTier.Fast, "8", "40")]
    [InlineData("claude-fable-5-2", ServiceTier.Fast, "16", "80")]
    [InlineData("claude-opus-5-5", ServiceTier.Batch, "2", "10")]
    [InlineData("gemini-3-flash-preview", ServiceTier.Flex, "0.25", "1.5")]
    [InlineData("gemini-3.7-flash", ServiceTier.Priority, "1.35", "6.75")]
    [InlineData("groq:llama-3.3-70b-versatile", ServiceTier.Flex, "0.59", "0.79")]
    [InlineData("xai:grok-4.3", ServiceTier.Batch, "1", "2")]
    public void Another_rate_has_its_own_price(string model, ServiceTier tier, string input, string output)
    {
        CostBreakdown cost = PricingCatalog.Default.Find(model, Day)!.CostOf(new Usage(100_000, 100_000), new BillingDetails(tier))!;
        Assert.Equal((input, output), (Text(cost.InputCost * 10), Text(cost.OutputCost * 10)));
    }

    [Theory] // nobody publishes these
    [InlineData("claude-opus-4-8", ServiceTier.Priority)]
    [InlineData("claude-haiku-4-5", ServiceTier.Fast)]
    [InlineData("gemini-2.5-pro", ServiceTier.Priority)] // LiteLLM's is the list price, which is no surcharge
    [InlineData("azure:gpt-6-sol", ServiceTier.Priority)]
    [InlineData("gpt-5.6-sol", ServiceTier.Other)]
    public void A_rate_that_nobody_publishes_has_no_price(string model, ServiceTier tier) =>
        Assert.Null(PricingCatalog.Default.Find(model, Day)!.CostOf(new Usage(1, 1), new BillingDetails(tier)));

    [Theory] // Opus 4.6, Sonnet 4.6 and later
    [InlineData("claude-opus-4-6", "1.1")]
    [InlineData("claude-sonnet-5-5", "1.1")]
    [InlineData("claude-haiku-5-5", "1.1")]
    [InlineData("claude-sonnet-4-5", null)]
    [InlineData("claude-haiku-4-5", null)]
    [InlineData("gpt-5.6-sol", null)]
    public void Inference_bound_to_the_United_States_costs_a_tenth_more(string model, string? factor)
    {
        ModelPricing price = PricingCatalog.Default.Find(model, Day)!;
        decimal? cost = price.CostOf(new Usage(1000, 1000, 10_000), new BillingDetails { UsInference = true })?.TotalCost;
        decimal list = price.CostOf(new Usage(1000, 1000, 10_000))!.TotalCost;
        Assert.Equal(factor is null ? null : list * decimal.Parse(factor, CultureInfo.InvariantCulture), cost);
    }

    [Fact]
    public void Searches_are_paid_by_the_thousand()
    {
        CostBreakdown cost = PricingCatalog.Default.Find("claude-opus-4-8")!.CostOf(new Usage(1_000_000, 0), new BillingDetails(WebSearches: 3))!;
        Assert.Equal((0.03m, 5.03m), (cost.SearchCost, cost.TotalCost));
        Assert.Equal(0.06m, (cost + cost).SearchCost);
    }

    [Fact]
    public void What_has_no_price_has_no_cost_and_never_0()
    {
        var price = new ModelPricing("p", "m", 1, 1, null, null, "test");
        Assert.NotNull(price.CostOf(new Usage(1, 1)));
        Assert.Null(price.CostOf(new Usage(1, 1, 1)));
        Assert.Null(price.CostOf(new Usage(1, 1, 0, 1)));
        Assert.Null(price.CostOf(new Usage(1, 1), new BillingDetails(ServiceTier.Batch)));
        Assert.Null(price.CostOf(new Usage(1, 1), new BillingDetails(WebSearches: 1)));
        Assert.Null((price with { CacheWritePrice = 1 }).CostOf(new Usage(1, 1, 0, 2) { CacheWrite1hTokens = 1 }));
    }

    [Fact]
    public void A_catalogue_is_the_same_bytes_however_often_it_is_built_and_reads_back_as_itself()
    {
        CatalogDraft draft = Build();
        byte[] first = CatalogWriter.ToBytes(draft);
        Assert.Equal(first, CatalogWriter.ToBytes(Build()));
        ModelPricing[] written = [.. draft.Providers.SelectMany(provider => provider.Models).SelectMany(model => model.Prices)];
        ModelPricing[] read = [.. new Catalog(first, "test").Providers.SelectMany(provider => provider.Models).SelectMany(model => model.Prices)];
        Assert.Equal(written.Select(Facts), read.Select(Facts));
    }

    private static string Facts(ModelPricing price) => string.Join(
        ' ',
        price.Provider, price.Model, price.InputPrice, price.OutputPrice, price.CacheReadPrice, price.CacheWritePrice, price.CacheWrite1hPrice,
        price.SearchPrice, price.UsInferenceFactor, price.ImageOutputPrice, price.AudioInputPrice, price.ValidFrom, price.DailyFrom, price.DailyUntil,
        price.WeekdaysOnly, string.Join('|', price.Tiers.Select(tier => $"{tier} {tier.CacheReadPrice} {tier.CacheWrite1hPrice}")));

    private static CatalogDraft Build() => CatalogBuilder.BuildWhole(
        [
            (Sample("genai-prices_2026-09-23_sample.json"), "2026-09-23"),
            (Sample("litellm_2026-08-01_sample.json"), "2026-08-01"),
            (Sample("pi-ai_2026-11-10_sample.json"), "2026-11-10"),
        ],
        null,
        new EntryReader(strict: false));

    private static JsonElement Sample(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "data", "prices", name)));
        return document.RootElement.Clone();
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(decimal amount) => PriceFile.Tidy(amount).ToString(CultureInfo.InvariantCulture);
}
