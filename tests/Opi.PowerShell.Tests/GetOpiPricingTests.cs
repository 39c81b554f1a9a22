namespace Opi.PowerShell.Tests;

public sealed class GetOpiPricingTests : EngineTest
{
    [Fact]
    public void All_prices_are_listed()
    {
        IReadOnlyList<ModelPricing> prices = Engine.All<ModelPricing>("Get-OpiPricing");

        Assert.Superset(new HashSet<string> { "anthropic", "google", "mistral", "openai", "openrouter" }, prices.Select(price => price.Provider).ToHashSet());
        Assert.All(prices, price => Assert.Equal(("USD", true), (price.Currency, price.Source.Length > 0)));
    }

    [Theory]
    [InlineData("Get-OpiPricing anthropic:claude-sonnet-4-5", 3.0, 15.0)]
    [InlineData("Get-OpiPricing -Model openrouter:anthropic/claude-sonnet-4", 3.0, 15.0)]
    [InlineData("'openai:gpt-4o-mini' | Get-OpiPricing", 0.15, 0.60)]
    [InlineData("[pscustomobject]@{ Model = 'openai:gpt-4o' } | Get-OpiPricing", 2.5, 10.0)]
    [InlineData("New-OpiSession openai:gpt-4o -Path $folder | Get-OpiPricing", 2.5, 10.0)]
    public void A_model_gives_its_price(string script, double input, double output)
    {
        var price = Engine.One<ModelPricing>(script);

        Assert.Equal(((decimal)input, (decimal)output), (price.InputPrice, price.OutputPrice));
    }

    [Theory]
    [InlineData("Get-OpiPricing ANTHROPIC:claude-opus-4-8*", "anthropic:claude-opus-4-8")]
    [InlineData("Get-OpiPricing claude-sonnet-4-5 -Provider anthro*", "anthropic:claude-sonnet-4-5")]
    [InlineData("Get-OpiPricing -Provider cursor -Model grok-4.5*", "cursor:grok-4.5,cursor:grok-4.5-fast")]
    [InlineData("Get-OpiPricing acme:*", "")]
    public void Wildcards_pick_among_the_prices(string script, string expected) =>
        Assert.Equal(expected, string.Join(',', Engine.All<ModelPricing>(script).Select(price => $"{price.Provider}:{price.Model}")));

    [Theory]
    [InlineData("2026-08-20", 5.0)]
    [InlineData("2026-08-21", 4.0)]
    [InlineData("2026-08-21T01:00:00+02:00", 5.0)]
    public void A_price_is_valid_at_its_time(string at, double input) =>
        Assert.Equal((decimal)input, Engine.One<ModelPricing>($"Get-OpiPricing gpt-5.6-sol -At {at}").InputPrice);

    [Fact]
    public void A_row_leads_to_itself() =>
        Assert.Equal("azure:gpt-4o", Engine.One<string>("Get-OpiPricing azure:gpt-4o | Get-OpiPricing | ForEach-Object { \"$($_.Provider):$($_.Model)\" }"));

    [Fact]
    public void Verbose_tells_which_entry_a_name_leads_to_and_which_others_it_could()
    {
        RunResult result = Engine.Run("Get-OpiPricing bedrock:claude-3-haiku-20240307 -Verbose 4>&1");

        Assert.Contains("contains 'claude-3-haiku-20240307'", string.Join('\n', result.Output), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_price_is_an_error_and_the_next_goes_on()
    {
        RunResult result = Engine.Run("'acme:giant-1', 'openai:gpt-4o' | Get-OpiPricing");

        var error = result.Error("PriceNotFound,Opi.PowerShell.Commands.GetOpiPricingCommand");
        Assert.Equal("acme:giant-1", error.TargetObject);
        Assert.Contains("provider:model", error.Exception.Message, StringComparison.Ordinal);
        Assert.Single(result.Output);
    }

    [Fact]
    public void A_wildcard_that_cannot_be_one_does_not_stop_the_next_item()
    {
        RunResult result = Engine.Run("'[', 'openai:gpt-4o' | Get-OpiPricing");

        Assert.Single(result.Errors);
        Assert.Single(result.Output);
    }
}
