using System.Globalization;

namespace Opi.Tests;

/// <summary>What the projects publish, in small samples of our own.</summary>
[Collection(nameof(OwnPrices))]
public sealed class PriceImportTests : IDisposable
{
    private const string Variable = "OPI_CONFIG_DIR";
    private readonly TempFolder _folder = new();
    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    public PriceImportTests() => Environment.SetEnvironmentVariable(Variable, Path.Combine(_folder.Path, "settings"));

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        _folder.Dispose();
    }

    [Fact]
    public void The_files_of_genai_prices_say_no_type_of_a_constraint()
    {
        Import("data.json", """
            [{ "id": "acme", "name": "Acme", "api_pattern": "x", "models": [
              { "id": "m1", "match": { "equals": "m1" }, "prices": [
                { "prices": { "input_mtok": 1, "output_mtok": 2 } },
                { "constraint": { "start_date": "2026-03-13" }, "prices": { "input_mtok": 3, "output_mtok": 4 } },
                { "constraint": { "start_time": "01:00:00Z", "end_time": "04:00:00Z" }, "prices": { "input_mtok": 6, "output_mtok": 8 } }] }] }]
            """);
        Assert.Equal([1m, 3m, 6m], new[] { "2026-03-12T12:00", "2026-03-13T00:00", "2026-04-01T01:30" }.Select(time => InputPrice("acme:m1", time)));
    }

    [Fact]
    public void Models_dev_has_providers_with_models_with_costs()
    {
        PricingImport import = Import("api_2026-11-20.json", """
            { "acme": { "id": "acme", "name": "Acme", "env": ["KEY"], "npm": "x", "models": {
                "big": { "id": "big", "cost": { "input": 5, "output": 30, "cache_read": 0.5, "reasoning": 30,
                    "tiers": [{ "input": 10, "output": 45, "cache_read": 1, "tier": { "type": "context", "size": 272000 } }],
                    "context_over_200k": { "input": 10, "output": 45, "cache_read": 1 } }, "limit": { "context": 400000, "output": 128000 } },
                "old": { "id": "old", "cost": { "input": 2, "output": 12, "context_over_200k": { "input": 4, "output": 18 } } },
                "plan": { "id": "plan", "cost": { "input": 0, "output": 0 } },
                "small-free": { "id": "small-free", "cost": { "input": 0, "output": 0 } },
                "odd": { "id": "odd", "cost": { "input": 1, "output": 2,
                    "tiers": [{ "input": 2, "output": 4, "tier": { "type": "moon", "size": 1 } }] } },
                "apart": { "id": "apart", "cost": { "input": 1, "output": 2, "reasoning": 8 } },
                "none": { "id": "none", "limit": { "context": 1 } } } },
              "vercel": { "id": "vercel", "models": { "x/y": { "id": "x/y", "cost": { "input": 1, "output": 2 } } } } }
            """);
        Assert.Equal(("models.dev", "2026-11-20", 4, 2), (import.Source, import.Version, import.Prices, import.Skipped));
        Assert.Contains("acme:odd", import.SkippedEntries[0], StringComparison.Ordinal);
        ModelPricing big = PricingCatalog.Default.Find("acme:big")!;
        Assert.Equal((5m, 30m, 0.5m, null, 400_000L), (big.InputPrice, big.OutputPrice, big.CacheReadPrice, big.CacheWritePrice, big.ContextWindow));
        Assert.Equal(new PriceTier(ServiceTier.Standard, 272_000, 10, 45, 1, null, null), Assert.Single(big.Tiers));
        Assert.Equal(200_000, PricingCatalog.Default.Find("acme:old")!.Tiers[0].AboveInputTokens);
        Assert.Null(PricingCatalog.Default.Find("acme:plan"));
        Assert.Equal(0, PricingCatalog.Default.Find("acme:small-free")!.InputPrice);
        Assert.Null(PricingCatalog.Default.Find("acme:odd"));
        Assert.Equal(1, PricingCatalog.Default.Find("vercel-ai-gateway:x/y")!.InputPrice);
    }

    [Theory] // the file of one provider as it is in the package, and all in one
    [InlineData("""
        { "some-messages": {
          "chat:m1": { "id": "m1", "provider": "acme", "contextWindow": 1000, "cost": { "input": 1, "output": 2, "cacheRead": 0.1, "cacheWrite": 0,
            "tiers": [{ "inputTokensAbove": 100000, "input": 5, "output": 6, "cacheRead": 0.5, "cacheWrite": 0 }] } },
          "classifier:m2": { "type": "classifier", "id": "m2", "provider": "acme", "cost": { "input": 1, "output": 0, "cacheRead": 0, "cacheWrite": 0 } } } }
        """)]
    [InlineData("""
        { "source": "x", "date": "2026-11-10", "providers": { "acme": {
          "m1": { "name": "M", "contextWindow": 1000, "cost": { "input": 1, "output": 2, "cacheRead": 0.1, "cacheWrite": 0,
            "tiers": [{ "inputTokensAbove": 100000, "input": 5, "output": 6, "cacheRead": 0.5, "cacheWrite": 0 }] } } } } }
        """)]
    public void Pi_ai_has_models_with_costs(string text)
    {
        PricingImport import = Import("pi.json", text);
        Assert.Equal(("pi-ai", 1, 0), (import.Source, import.Prices, import.Skipped));
        ModelPricing price = PricingCatalog.Default.Find("acme:m1")!;
        Assert.Equal((1m, 2m, 0.1m, null), (price.InputPrice, price.OutputPrice, price.CacheReadPrice, price.CacheWritePrice));
        Assert.Equal((100_000L, 5m, 0.5m), (price.Tiers[0].AboveInputTokens, price.Tiers[0].InputPrice, price.Tiers[0].CacheReadPrice));
    }

    [Fact]
    public void An_entry_that_is_not_understood_costs_itself_and_is_named()
    {
        PricingImport import = Import("genai_2020-01-01.json", """
            [{ "id": "acme", "models": [
              { "id": "good", "match": { "equals": "good" }, "prices": { "input_mtok": 5, "output_mtok": 6 } },
              { "id": "odd", "match": { "equals": "odd" }, "prices": [{ "constraint": { "full_moon": true }, "prices": { "input_mtok": 7 } }] },
              { "id": "zz", "match": { "equals": "zz" }, "prices": [{ "zz": 1 }] },
              { "id": "huge", "match": { "equals": "huge" }, "prices": { "input_mtok": 1e400 } },
              { "id": "minus", "match": { "equals": "minus" }, "prices": { "input_mtok": -1 } },
              { "id": "fractions", "match": { "equals": "fractions" }, "prices": {
                "input_mtok": { "base": 1, "tiers": [{ "start": 1e30, "price": 1 }] } } },
              7 ] },
             { "id": "other" }, 8 ]
            """);
        Assert.Equal((1, 8, true), (import.Prices, import.Skipped, import.IsOlder));
        Assert.Equal(
            ["acme:odd", "acme:zz", "acme:huge", "acme:minus", "acme:fractions", "acme, model 7", "other", "provider 3"],
            import.SkippedEntries.Select(entry => entry[..entry.IndexOf(": ", StringComparison.Ordinal)]));
        Assert.Equal(5, PricingCatalog.Default.Find("acme:good")!.InputPrice);
        Assert.Null(PricingCatalog.Default.Find("acme:odd"));
    }

    [Theory]
    [InlineData("""
        [{ "id": "acme", "models": [
          { "id": "m1", "match": { "equals": "m1" }, "prices": { "input_mtok": 1, "output_mtok": 2 } },
          { "id": "m2", "match": { "equals": "m2" }, "prices": { "input_mtok": 10001, "output_mtok": 2 } }] }]
        """, "acme:m2")]
    [InlineData("""{"a/m":{"litellm_provider":"a","mode":"chat","input_cost_per_token":3,"output_cost_per_token":15}}""", "a/m")]
    [InlineData("""{"providers":{"acme":{"m1":{"cost":{"input":3000000,"output":1,"cacheRead":0,"cacheWrite":0}}}}}""", "acme:m1")]
    public void A_file_in_another_unit_is_refused_with_its_entry_named(string text, string entry)
    {
        var error = Assert.Throws<InvalidPriceFileException>(() => Import("unit.json", text));
        Assert.Equal(entry, error.Entry);
        Assert.Contains("10,000 USD for a million tokens", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_few_entries_in_another_unit_among_hundreds_are_left_out()
    {
        string entries = string.Join(',', Enumerable.Range(0, 300).Select(i =>
            $$"""
            "a/m{{i}}":{"litellm_provider":"a","mode":"chat","input_cost_per_token":{{(i == 7 ? "0.05" : "5e-6")}},"output_cost_per_token":1e-5}
            """));
        PricingImport import = Import("litellm.json", "{" + entries + "}");
        Assert.Equal((299, 1), (import.Prices, import.Skipped));
        Assert.Throws<InvalidPriceFileException>(() => PricingCatalog.Import(_folder.Write("{" + entries + "}", "litellm.json"), strict: true));
    }

    [Theory]
    [InlineData(24, true)]
    [InlineData(32, true)]
    [InlineData(33, false)]
    [InlineData(60, false)]
    [InlineData(200, false)]
    public void Nested_rules_are_read_as_deep_as_anybody_nests_them(int levels, bool isRead)
    {
        string rule = """{"equals":"m1"}""";
        for (int i = 0; i < levels; i++)
        {
            rule = $$"""{"or":[{"starts_with":"x"},{{rule}}]}""";
        }

        PricingImport import = Import("nested.json", """
            [{"id":"acme","models":[{"id":"one","match":RULE,"prices":{"input_mtok":1,"output_mtok":2}},
              {"id":"two","match":{"equals":"two"},"prices":{"input_mtok":1,"output_mtok":2}}]}]
            """.Replace("RULE", rule, StringComparison.Ordinal));
        Assert.Equal(isRead, PricingCatalog.Default.Find("acme:m1") is not null); // for a time that doubled with each level it never ended
        Assert.Equal(isRead ? 0 : 1, import.Skipped);
    }

    [Fact]
    public void A_regular_expression_that_takes_for_ever_matches_nothing()
    {
        const string Model = """{"id":"slowN","match":{"regex":"^(a+)+N$"},"prices":{"input_mtok":1,"output_mtok":2}}""";
        string models = string.Join(',', Enumerable.Range(0, 20).Select(i => Model.Replace("N", $"{i}", StringComparison.Ordinal)));
        Import("slow.json", $"[{{\"id\":\"acme\",\"models\":[{models}]}}]");
        Assert.Null(PricingCatalog.Default.Find("acme:" + new string('a', 60)));
        Assert.NotNull(PricingCatalog.Default.Find("acme:slow7"));
    }

    [Fact]
    public void A_rate_that_the_file_lacks_stays_in_the_ratio_it_had()
    {
        Import("litellm_2026-12-01.json", """
            { "gpt-5.6-sol": { "litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 3e-06, "output_cost_per_token": 1.8e-05 } }
            """);
        ModelPricing price = PricingCatalog.Default.Find("gpt-5.6-sol", new DateTimeOffset(2026, 12, 2, 0, 0, 0, TimeSpan.Zero))!;
        PriceTier priority = Assert.Single(price.Tiers, tier => tier is { Tier: ServiceTier.Priority, AboveInputTokens: 0 });
        Assert.Equal((3m, 6m, 36m), (price.InputPrice, priority.InputPrice, priority.OutputPrice));
    }

    [Fact]
    public void The_prices_have_the_date_of_the_newest_data()
    {
        const string Newer = """{"a/m":{"litellm_provider":"a","mode":"chat","input_cost_per_token":3e-6,"output_cost_per_token":1e-6}}""";
        string builtIn = PricingCatalog.Default.Date;
        Assert.Matches(@"^\d{4}-\d{2}-\d{2}$", builtIn);
        Import("litellm_2020-01-01.json", Newer);
        Assert.Equal(builtIn, PricingCatalog.Default.Date);
        Import("litellm_2099-01-01.json", Newer);
        Assert.Equal(("2099-01-01", false), (PricingCatalog.Default.Date, PricingCatalog.Default.IsOld));
        Assert.Equal(("LiteLLM", "2099-01-01"), (PricingCatalog.Default.Find("a:m")!.Origin, PricingCatalog.Default.Find("a:m")!.PriceDate));
    }

    private PricingImport Import(string name, string text) => PricingCatalog.Import(_folder.Write(text, name));

    private static decimal InputPrice(string model, string time) =>
        PricingCatalog.Default.Find(model, DateTimeOffset.Parse(time + ":00Z", CultureInfo.InvariantCulture))!.InputPrice;
}
