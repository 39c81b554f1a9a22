using Opi.Tests;
using System.Management.Automation;

namespace Opi.PowerShell.Tests;

[Collection(nameof(Environment))]
public sealed class OwnPricesTests : EngineTest, IDisposable
{
    private const string Variable = "OPI_CONFIG_DIR";
    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    public OwnPricesTests() => Environment.SetEnvironmentVariable(Variable, Path.Combine(Folder, "settings"));

    private string UserFile => Path.Combine(Folder, "settings", "pricing.json");

    public new void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        base.Dispose();
    }

    [Fact]
    public void What_is_not_given_stays_as_it_is()
    {
        var set = Engine.One<ModelPricing>("Set-OpiPricing claude-opus-4-8 -InputPrice 4.5 -PassThru");
        Assert.Equal((4.5m, 25m, 0.5m, 10m, 1_000_000L, "User"), (set.InputPrice, set.OutputPrice, set.CacheReadPrice, set.CacheWrite1hPrice, set.ContextWindow, set.Source));

        Engine.Run("Set-OpiPricing claude-opus-4-8 -OutputPrice '20.5' -ContextWindow 5000").WithoutErrors();
        var price = Engine.One<ModelPricing>("Get-OpiPricing anthropic:claude-opus-4-8");
        Assert.Equal((4.5m, 20.5m, 5000L), (price.InputPrice, price.OutputPrice, price.ContextWindow));
    }

    [Fact]
    public void The_next_turn_costs_the_own_price()
    {
        NewSession();
        Engine.Run("Set-OpiPricing 'acme:*' -InputPrice 1 -OutputPrice 2").WithoutErrors();

        Assert.Equal(1m, Engine.One<OpiTurn>("$s | Add-OpiTurn -User q -Assistant a -Model acme:giant -InputTokens 1000000").Cost);
    }

    [Fact]
    public void Own_prices_are_taken_out_by_the_rows_that_show_them()
    {
        Engine.Run("Set-OpiPricing acme:a -InputPrice 1 -OutputPrice 2; Set-OpiPricing acme:a -InputPrice 2 -ValidFrom 2026-01-01; Set-OpiPricing -Provider acme b -InputPrice 1 -OutputPrice 2").WithoutErrors();
        Engine.Run("Get-OpiPricing acme:* | Set-OpiPricing -Remove").WithoutErrors();

        Assert.Empty(Engine.Run("Get-OpiPricing acme:*").WithoutErrors().Output);
        Assert.Equal("acme:a", Engine.Run("Set-OpiPricing acme:a -Remove").Error("PriceNotFound,Opi.PowerShell.Commands.SetOpiPricingCommand").TargetObject);
    }

    [Fact]
    public void Many_prices_come_through_the_pipeline_and_are_written_at_once()
    {
        // as Import-Csv gives them: all texts
        RunResult result = Engine.Run("""
            [pscustomobject]@{ Model = 'm1'; Provider = 'acme'; InputPrice = '1'; OutputPrice = '2'; CacheReadPrice = ''; ValidFrom = ''; ContextWindow = '' },
            [pscustomobject]@{ Model = 'acme:m2'; Provider = ''; InputPrice = '3'; OutputPrice = '4'; ValidFrom = '2026-10-01'; ContextWindow = '1000' },
            [pscustomobject]@{ Model = 'm1'; Provider = 'acme'; InputPrice = '5'; OutputPrice = '6' },
            [pscustomobject]@{ Model = 'bad'; Provider = 'acme'; InputPrice = '7'; OutputPrice = '' } | Set-OpiPricing -PassThru
            """);

        Assert.Equal("acme:bad", result.Error("PriceIncomplete,Opi.PowerShell.Commands.SetOpiPricingCommand").TargetObject);
        Assert.Equal(3, result.Output.Count);
        Assert.Equal(
            ["m1 5 6", "m2 3 4"],
            Engine.Run("Get-OpiPricing acme:* -At 2026-11-01 | % { \"$($_.Model) $($_.InputPrice) $($_.OutputPrice)\" }").Output.Select(row => $"{row}"));
        Assert.Equal(1000L, Engine.Run("(Get-OpiPricing acme:m2 -At 2026-11-01).ContextWindow").Output[0]);
    }

    [Fact]
    public void Entries_that_are_not_understood_are_counted_and_named_once_and_can_refuse_the_file()
    {
        string file = PriceFile("acme");
        File.WriteAllText(file, """
            [{"id":"acme","models":[{"id":"m","match":{"equals":"m"},"prices":{"input_mtok":1,"output_mtok":2}},
              {"id":"odd","match":{"equals":"odd"},"prices":{"input_mtok":"x"}}]}]
            """);
        Engine.Set("file", file);
        RunResult result = Engine.Run("Import-OpiPricing $file").WithoutErrors();
        Assert.Contains("1 entry was not understood and left out: acme:odd: input_mtok is \"x\"", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(1, Assert.IsType<PricingImport>(result.Output[0]).Skipped);
        ErrorRecord error = Engine.Run("Import-OpiPricing $file -Strict").Error("InvalidPriceFile,Opi.PowerShell.Commands.ImportOpiPricingCommand");
        Assert.Contains("acme:odd", error.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Set-OpiPricing acme:m -InputPrice 1 -OutputPrice 1 -WhatIf")]
    [InlineData("Import-OpiPricing $file -WhatIf")]
    [InlineData("Import-OpiPricing -Reset -WhatIf")]
    public void WhatIf_changes_nothing(string script)
    {
        Engine.Set("file", PriceFile("acme"));
        Engine.Run(script).WithoutErrors();
        Assert.False(Directory.Exists(Path.GetDirectoryName(UserFile)));
    }

    [Theory]
    [InlineData("-InputPrice 1", "PriceIncomplete,Opi.PowerShell.Commands.SetOpiPricingCommand")]
    [InlineData("-OutputPrice 1", "PriceIncomplete,Opi.PowerShell.Commands.SetOpiPricingCommand")]
    [InlineData("-InputPrice '1,5' -OutputPrice 1", "ParameterArgumentTransformationError,Opi.PowerShell.Commands.SetOpiPricingCommand")]
    [InlineData("-InputPrice 10001 -OutputPrice 1", "ParameterArgumentTransformationError,Opi.PowerShell.Commands.SetOpiPricingCommand")]
    [InlineData("-InputPrice -1 -OutputPrice 1", "ParameterArgumentTransformationError,Opi.PowerShell.Commands.SetOpiPricingCommand")]
    [InlineData("-InputPrice 1 -OutputPrice 1 -ContextWindow -5", "ParameterArgumentTransformationError,Opi.PowerShell.Commands.SetOpiPricingCommand")]
    public void What_is_not_a_price_is_refused(string parameters, string error)
    {
        Engine.Run($"Set-OpiPricing acme:m {parameters}").Error(error);
        Assert.False(File.Exists(UserFile));
    }

    [Theory]
    [InlineData("Get-OpiPricing claude-opus-4-8")]
    [InlineData("$s | Add-OpiTurn -User q -Assistant a -InputTokens 1")]
    public void A_broken_file_of_own_prices_is_reported_once_and_the_work_goes_on(string script)
    {
        NewSession();
        Directory.CreateDirectory(Path.GetDirectoryName(UserFile)!);
        File.WriteAllText(UserFile, """{"format":1,"prices":[{"model":"acme:m","input":"x","output":1}]}""");

        RunResult result = Engine.Run(script).WithoutErrors();
        Assert.Single(result.Output);
        string warning = Assert.Single(result.Warnings);
        Assert.Contains(UserFile, warning, StringComparison.Ordinal);
        Assert.Contains("acme:m", warning, StringComparison.Ordinal);
        Engine.Run("Set-OpiPricing acme:m -InputPrice 1 -OutputPrice 1").Error("InvalidPriceFile,Opi.PowerShell.Commands.SetOpiPricingCommand");
    }

    [Theory]
    [InlineData("Get-OpiPricing claude-opus-4-8", "GetOpiPricing")]
    [InlineData("Get-OpiPricing", "GetOpiPricing")]
    [InlineData("Get-OpiCost -Folder $folder", "GetOpiCost")]
    [InlineData("Get-OpiCost -Folder $folder -By Day", "GetOpiCost")]
    [InlineData("Assert-OpiBudget 1 -Period Day -Folder $folder -AllowUnknown", "AssertOpiBudget")]
    [InlineData("Export-OpiReport $folder/r.html", "ExportOpiReport")]
    [InlineData("Set-OpiPricing acme:m -InputPrice 1 -OutputPrice 1", "SetOpiPricing")]
    public void A_file_of_own_prices_that_cannot_be_read_is_an_error_where_money_is_asked(string script, string type)
    {
        StoredSession();
        Engine.Run("Set-OpiPricing anthropic:claude-sonnet-4-5 -InputPrice 1 -OutputPrice 1").WithoutErrors();
        using var unreadable = new UnreadableFile(UserFile);

        RunResult result = Engine.Run(script);
        result.Error($"PriceFileNotReadable,Opi.PowerShell.Commands.{type}Command");
        Assert.Empty(result.Output);
    }

    [Fact]
    public void A_budget_is_not_known_to_be_kept_while_own_prices_do_not_count()
    {
        StoredSession();
        Directory.CreateDirectory(Path.GetDirectoryName(UserFile)!);
        File.WriteAllText(UserFile, "{");

        Engine.Run("Assert-OpiBudget 1 -Period Day -Folder $folder").Error("InvalidPriceFile,Opi.PowerShell.Commands.AssertOpiBudgetCommand");
        Engine.Run("Assert-OpiBudget 1 -Period Day -Folder $folder -AllowUnknown").WithoutErrors();
    }

    [Fact]
    public void A_turn_goes_on_without_a_known_cost_while_own_prices_cannot_be_read()
    {
        NewSession();
        Engine.Run("Set-OpiPricing anthropic:claude-sonnet-4-5 -InputPrice 1 -OutputPrice 1").WithoutErrors();
        using (new UnreadableFile(UserFile))
        {
            RunResult result = Engine.Run("$s | Add-OpiTurn -User q -Assistant a -InputTokens 1000000").WithoutErrors();
            Assert.Null(Assert.IsType<OpiTurn>(Assert.Single(result.Output)).Cost);
            Assert.Contains(result.Warnings, warning => warning.Contains(UserFile, StringComparison.Ordinal));
            Engine.Run("Get-OpiUsage $folder").Error("PriceFileNotReadable,Opi.PowerShell.Commands.GetOpiUsageCommand");
        }

        Assert.Equal(1m, Engine.One<OpiCost>("$s | Get-OpiCost").TotalCost);
    }

    [Fact]
    public void A_price_file_is_imported_and_taken_out_again()
    {
        Engine.Set("file", PriceFile("acme"));
        var import = Engine.One<PricingImport>("Import-OpiPricing $file");
        Assert.Equal(("LiteLLM", 1, 1), (import.Source, import.Models, import.Prices));
        Assert.Equal(("Import", 1m), (Engine.One<ModelPricing>("Get-OpiPricing acme/m").Source, Engine.One<ModelPricing>("Get-OpiPricing acme:m").InputPrice));

        Engine.Set("file", PriceFile("other"));
        Engine.Run("$file | Import-OpiPricing").WithoutErrors();
        Engine.Run("Get-OpiPricing acme:m").Error("PriceNotFound,Opi.PowerShell.Commands.GetOpiPricingCommand");
        Engine.Run("Import-OpiPricing -Reset").WithoutErrors();
        Engine.Run("Get-OpiPricing other:m").Error("PriceNotFound,Opi.PowerShell.Commands.GetOpiPricingCommand");
    }

    [Fact]
    public void A_file_that_is_none_is_refused_and_named()
    {
        Engine.Set("file", Path.Combine(Folder, "no.json"));
        Engine.Run("Import-OpiPricing $file").Error("PriceFileNotFound,Opi.PowerShell.Commands.ImportOpiPricingCommand");
        File.WriteAllText(Path.Combine(Folder, "no.json"), "{}");
        Assert.Contains("no.json", Engine.Run("Import-OpiPricing $file").Error("InvalidPriceFile,Opi.PowerShell.Commands.ImportOpiPricingCommand").Exception.Message, StringComparison.Ordinal);
    }

    private string PriceFile(string provider)
    {
        string path = Path.Combine(Folder, provider + ".json");
        File.WriteAllText(path, $$"""{ "{{provider}}/m": { "litellm_provider": "{{provider}}", "mode": "chat", "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6 } }""");
        return path;
    }
}
