using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Gives the prices of models.</summary>
[Cmdlet(VerbsCommon.Get, "OpiPricing")]
[OutputType(typeof(ModelPricing))]
public sealed class GetOpiPricingCommand : OpiCmdlet
{
    /// <summary>A model as provider:model gives its price; with wildcards, the prices whose provider:model matches.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(WritePrices, Model);

    private void WritePrices()
    {
        PricingCatalog catalog = PricingCatalog.Default;
        if (Model is null)
        {
            WriteObject(catalog.Prices, enumerateCollection: true);
        }
        else if (WildcardPattern.ContainsWildcardCharacters(Model))
        {
            var pattern = new WildcardPattern(Model, WildcardOptions.IgnoreCase);
            WriteObject(catalog.Prices.Where(price => pattern.IsMatch($"{price.Provider}:{price.Model}")), enumerateCollection: true);
        }
        else if (catalog.Find(Model) is { } price)
        {
            WriteObject(price);
        }
        else
        {
            WriteError(new ErrorRecord(
                new ItemNotFoundException($"No price for the model '{Model}'. A model is named provider:model, as in anthropic:claude-sonnet-4-5; Get-OpiPricing lists the prices."),
                "PriceNotFound",
                ErrorCategory.ObjectNotFound,
                Model));
        }
    }
}
