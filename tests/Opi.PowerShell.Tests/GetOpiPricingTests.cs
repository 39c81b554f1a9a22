namespace Opi.PowerShell.Tests;

public sealed class GetOpiPricingTests : EngineTest
{
    [Fact]
    public void All_prices_are_listed()
    {
        IReadOnlyList<ModelPricing> prices = Engine.All<ModelPricing>("Get-OpiPricing");

        Assert.Equal(["anthropic", "gemini", "mistral", "openai"], prices.Select(price => price.Provider).Distinct().Order());
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

    [Fact]
    public void Wildcards_pick_among_the_prices()
    {
        Assert.Equal(4, Engine.All<ModelPricing>("Get-OpiPricing OPENAI:*").Count);
        Assert.Empty(Engine.Run("Get-OpiPricing acme:*").WithoutErrors().Output);
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
