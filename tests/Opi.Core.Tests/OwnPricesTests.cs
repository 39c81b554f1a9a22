namespace Opi.Tests;

/// <summary>These change what all tests see, so they run alone.</summary>
[CollectionDefinition(nameof(OwnPrices), DisableParallelization = true)]
public sealed class OwnPrices;

[Collection(nameof(OwnPrices))]
public sealed class OwnPricesTests : IDisposable
{
    private const string Variable = "OPI_CONFIG_DIR";
    private readonly TempFolder _folder = new();
    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    public OwnPricesTests() => Environment.SetEnvironmentVariable(Variable, Path.Combine(_folder.Path, "settings"));

    private string UserFile => Path.Combine(_folder.Path, "settings", "pricing.json");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        _folder.Dispose();
    }

    [Fact]
    public void An_own_price_goes_before_all_others_until_it_is_taken_out()
    {
        PricingCatalog before = PricingCatalog.Default;
        PricingCatalog.Set(new ModelPricing("anthropic", "claude-opus-4-8", 4, 20, 0.4m, null, "") { ContextWindow = 5000 });

        foreach (string name in new[] { "anthropic:claude-opus-4-8", "claude-opus-4-8[1m]", "CLAUDE-opus-4.8" })
        {
            ModelPricing price = PricingCatalog.Default.Find(name)!;
            Assert.Equal((4m, 20m, "User", 5000L), (price.InputPrice, price.OutputPrice, price.Source, price.ContextWindow));
            Assert.Equal(5000, PricingCatalog.Default.ContextWindow(name));
        }

        Assert.Equal(5m, before.Find("claude-opus-4-8")!.InputPrice); // who began with the old prices goes on with them
        Assert.Equal("your own prices", PricingCatalog.Default.Matches("claude-opus-4-8").First().Source);
        Assert.Contains(PricingCatalog.Default.PricesAt(), price => price.Source == "User");
        Assert.True(PricingCatalog.Remove("ANTHROPIC:claude-opus-4-8"));
        Assert.False(PricingCatalog.Remove("anthropic:claude-opus-4-8"));
        Assert.Equal("Catalog", PricingCatalog.Default.Find("claude-opus-4-8")!.Source);
    }

    [Fact]
    public void A_name_goes_before_a_pattern_and_a_longer_pattern_before_a_shorter()
    {
        Set("*", 1);
        Set("acme:*", 2);
        Set("acme:big-?", 3);
        Set("acme:big-1", 4);
        Assert.Equal(
            [4m, 3m, 2m, 1m],
            new[] { "acme:big-1", "acme:big-2", "acme:small", "other:x" }.Select(name => PricingCatalog.Default.Find(name)!.InputPrice));
    }

    [Fact]
    public void A_price_is_valid_from_its_date_on()
    {
        var date = new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
        Set("acme:m", 1);
        Set("acme:m", 2, date);
        Assert.Equal(1m, PricingCatalog.Default.Find("acme:m", date.AddTicks(-1))!.InputPrice);
        Assert.Equal(2m, PricingCatalog.Default.Find("acme:m", date)!.InputPrice);
        Set("acme:m", 3, date); // in place of the one of the same date
        Assert.Equal((3m, 2), (PricingCatalog.Default.Find("acme:m")!.InputPrice, PricingCatalog.Default.PricesAt(date.AddDays(-1)).Count(price => price.Source == "User") + 1));
    }

    [Theory]
    [InlineData("{", "JSON")]
    [InlineData("[]", "format")]
    [InlineData("""{"format":2,"prices":[]}""", "format")]
    [InlineData("""{"format":1,"prices":[{"model":"m","input":1}]}""", "m: it has no output price")]
    [InlineData("""{"format":1,"prices":[{"model":"m","input":"1","output":1}]}""", "m: input is \"1\"")]
    [InlineData("""{"format":1,"prices":[{"model":"m","input":-1,"output":1}]}""", "m: input is -1")]
    [InlineData("""{"format":1,"prices":[{"input":1,"output":1}]}""", "price 1: it has no model")]
    [InlineData("""{"format":1,"prices":[{"model":"m","input":1,"output":1,"from":"01.02.2026"}]}""", "m: ")]
    public void A_broken_file_is_reported_and_left_as_it_is_and_the_other_prices_stay(string text, string reason)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(UserFile)!);
        File.WriteAllText(UserFile, text);

        string problem = Assert.Single(PricingCatalog.Default.Problems).Message;
        Assert.Contains(UserFile, problem, StringComparison.Ordinal);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
        Assert.NotNull(PricingCatalog.Default.Find("claude-opus-4-8"));
        Assert.Throws<InvalidPriceFileException>(() => Set("acme:m", 1));
        Assert.Equal(text, File.ReadAllText(UserFile));
    }

    /// <summary>By files alone, as other processes do it: Windows refuses a file that is replaced at that moment.</summary>
    [Fact]
    public void Whoever_reads_while_prices_are_set_has_them_all_and_no_writer_fails()
    {
        Set("acme:m0", 1);
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, worker =>
        {
            for (int i = 0; i < 50; i++)
            {
                if (worker < 2)
                {
                    UserPricing.Set(UserFile, [new ModelPricing("acme", $"m{worker}", i, 1, null, null, "")]);
                }
                else
                {
                    Assert.NotEmpty(UserPricing.Read(UserFile).Find(["acme:m0"]));
                }
            }
        });
    }

    [Fact]
    public void While_a_file_of_prices_cannot_be_read_no_model_has_a_price()
    {
        Set("claude-opus-4-8", 1);
        using (new UnreadableFile(UserFile))
        {
            PricingCatalog catalog = PricingCatalog.Default;
            Assert.Contains(UserFile, Assert.IsType<PriceFileNotReadableException>(Assert.Single(catalog.Problems)).Message, StringComparison.Ordinal);
            Assert.Null(catalog.Find("claude-opus-4-8"));
            Assert.Null(catalog.Find("claude-sonnet-4-5")); // an own pattern could have been for it
            Assert.Empty(catalog.PricesAt());
            Assert.NotNull(catalog.ContextWindow("claude-sonnet-4-5"));
            Assert.Throws<PriceFileNotReadableException>(() => Set("acme:m", 1));
        }

        Assert.Empty(PricingCatalog.Default.Problems);
        Assert.Equal(1m, PricingCatalog.Default.Find("claude-opus-4-8")!.InputPrice);
    }

    [Fact]
    public void Many_that_set_prices_at_once_lose_none()
    {
        Parallel.For(0, 20, i => Set($"acme:m{i}", i));
        Assert.Equal(20, PricingCatalog.Default.PricesAt().Count(price => price.Source == "User"));
    }

    [Fact]
    public void Of_LiteLLM_a_price_that_differs_counts_from_the_date_of_the_file_on()
    {
        string file = _folder.Write("""
            {
              "sample_spec": { "input_cost_per_token": 0 },
              "claude-opus-4-8": { "litellm_provider": "anthropic", "mode": "chat", "input_cost_per_token": 4e-06, "output_cost_per_token": 2e-05 },
              "claude-opus-4-6": { "litellm_provider": "anthropic", "mode": "chat", "input_cost_per_token": 5e-06, "output_cost_per_token": 2.5e-05 },
              "new/model-1": { "litellm_provider": "new", "mode": "chat", "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06, "max_input_tokens": 4096.0 }
            }
            """, "litellm_2026-11-20.json");
        PricingImport import = PricingCatalog.Import(file);

        Assert.Equal(("LiteLLM", "2026-11-20", 3, 3), (import.Source, import.Version, import.Models, import.Prices));
        Assert.Equal((4m, "Import", 1_000_000L), Facts("claude-opus-4-8", "2026-11-20"));
        Assert.Equal((5m, "Catalog", 1_000_000L), Facts("claude-opus-4-8", "2026-11-19"));
        Assert.Equal((10m, 6.25m), (PricingCatalog.Default.Find("claude-opus-4-6")!.CacheWrite1hPrice, PricingCatalog.Default.Find("claude-opus-4-6")!.CacheWritePrice));
        Assert.Equal((1m, "Import", 4096L), Facts("new:model-1", "2025-01-01"));
        Assert.Equal("Catalog", PricingCatalog.Default.Find("gpt-5")!.Source); // what the file does not have

        Assert.True(PricingCatalog.ResetImport());
        Assert.False(PricingCatalog.ResetImport());
        Assert.Equal((5m, "Catalog", 1_000_000L), Facts("claude-opus-4-8", "2026-11-20"));
        Assert.Null(PricingCatalog.Default.Find("new:model-1"));
    }

    [Fact]
    public void Of_genai_prices_the_entries_replace_the_built_in_ones_and_windows_are_kept()
    {
        PricingCatalog.Import(_folder.Write("""
            [{ "id": "anthropic", "model_match": { "contains": "claude" }, "models": [
              { "id": "claude-opus-4-8", "match": { "regex": "^claude-opus-4-8(-\\d{8})?$" }, "prices": [
                { "prices": { "input_mtok": 5, "output_mtok": 25 } },
                { "constraint": { "type": "start_date", "start_date": "2026-12-01" }, "prices": { "input_mtok": 4, "output_mtok": 20, "cache_read_mtok": { "base": 0.4, "tiers": [{ "start": 10, "price": 0.8 }] } } }] }] }]
            """, "prices.json"));

        Assert.Equal((5m, "Import", 1_000_000L), Facts("claude-opus-4-8-20260101", "2026-11-30"));
        Assert.Equal((4m, "Import", 1_000_000L), Facts("claude-opus-4-8", "2026-12-01"));
        Assert.Equal(0.8m, PricingCatalog.Default.Find("claude-opus-4-8", DateTimeOffset.MaxValue)!.CostOf(new Usage(0, 0, 1_000_000))!.TotalCost);
    }

    [Theory]
    [InlineData("{", "JSON")]
    [InlineData("{}", "not a price file of genai-prices")]
    [InlineData("[]", "not a price file of genai-prices")]
    [InlineData("""{"a":{"litellm_provider":"x","mode":"chat","max_input_tokens":5}}""", "no model in it has a price")]
    [InlineData("""{"good":{"litellm_provider":"x","mode":"chat","input_cost_per_token":1e-6,"output_cost_per_token":1e-6},"bad":{"litellm_provider":"x","mode":"chat","input_cost_per_token":"1","output_cost_per_token":1}}""", "bad: input_cost_per_token is \"1\"")]
    [InlineData("""{"bad":{"litellm_provider":"x","mode":"chat","input_cost_per_token":-1e-6,"output_cost_per_token":1}}""", "bad: input_cost_per_token is -1e-6")]
    [InlineData("""{"bad":{"litellm_provider":"x","mode":"chat","input_cost_per_token":1e-6,"max_input_tokens":"many"}}""", "bad: max_input_tokens")]
    [InlineData("""[{"id":"p","models":[{"id":"m","match":{"equals":"m"},"prices":{"input_mtok":"x"}}]}]""", "p:m: input_mtok")]
    [InlineData("""[{"id":"p","models":[{"id":"m","match":{"like":"m"},"prices":{"input_mtok":1}}]}]""", "p:m: a match rule")]
    [InlineData("""[{"id":"p","models":[{"id":"m","match":{"regex":"(m"},"prices":{"input_mtok":1}}]}]""", "p:m: the regex")]
    [InlineData("""[{"id":"p","models":[{"id":"m","match":{"equals":"m"},"prices":[{"constraint":{"type":"moon"},"prices":{"input_mtok":1}}]}]}]""", "p:m: its prices depend on {\"type\":\"moon\"}")]
    [InlineData("""[{"id":"p","models":[{"id":"m","match":{"equals":"m"},"prices":[{"constraint":{"full_moon":true},"prices":{"input_mtok":1}}]}]}]""", "p:m: its prices depend on {\"full_moon\":true}")]
    [InlineData("""[{"id":"p","models":[{"id":"m","match":{"equals":"m"},"prices":[{"zz":{"input_mtok":1}}]}]}]""", "p:m: one of its prices has no \"prices\"")]
    [InlineData("""[{"id":"p","models":[{"id":"m","match":{"equals":"m"}}]}]""", "p:m: it has no prices")]
    [InlineData("""[{"id":"p","models":[{"match":{"equals":"m"}}]}]""", "p, model 1: it has no id")]
    [InlineData("""[{"id":"p","models":[{"id":"m","match":{"equals":"m"},"prices":{"input_mtok":1}}]},{"id":"p","models":[]}]""", "p: it is in the file twice")]
    public void A_broken_price_file_can_be_refused_whole_with_its_entry_named(string text, string reason)
    {
        string good = _folder.Write("""{"acme/m":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":1e-6,"output_cost_per_token":1e-6}}""", "good.json");
        PricingCatalog.Import(good);

        var error = Assert.Throws<InvalidPriceFileException>(() => PricingCatalog.Import(_folder.Write(text, "bad.json"), strict: true));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(1m, PricingCatalog.Default.Find("acme:m")!.InputPrice);
    }

    private static void Set(string name, decimal input, DateTimeOffset? from = null)
    {
        (string provider, string model) = ModelName.Split(name);
        PricingCatalog.Set(new ModelPricing(provider, model, input, 1, null, null, "") { ValidFrom = from });
    }

    private static (decimal, string, long?) Facts(string name, string day)
    {
        ModelPricing price = PricingCatalog.Default.Find(name, DateTimeOffset.Parse(day + "T00:00:00Z", null))!;
        return (price.InputPrice, price.Source, price.ContextWindow);
    }
}
