using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Gives the prices of models.</summary>
[Cmdlet(VerbsCommon.Get, "OpiPricing")]
[OutputType(typeof(ModelPricing))]
public sealed class GetOpiPricingCommand : OpiCmdlet
{
    /// <summary>A model in any spelling gives its price; with wildcards, the prices whose provider:model or model matches.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>The provider, where the model does not name it; wildcards are allowed. The default is any.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string? Provider { get; set; }

    /// <summary>The prices that are valid at this time. The default is now.</summary>
    [Parameter]
    [IsoTime]
    public DateTimeOffset? At { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(WritePrices, Model ?? Provider);

    private void WritePrices()
    {
        if (Model is null || HasWildcards(Model) || HasWildcards(Provider))
        {
            WriteMatching();
            return;
        }

        string spec = string.IsNullOrEmpty(Provider) ? Model : $"{Provider}:{Model}";
        PricingCatalog catalog = ReadPrices();
        WriteVerbose($"The prices are of {catalog.Date}.");
        WriteMatches(catalog, spec);
        if (catalog.Find(spec, At) is { } price)
        {
            WriteObject(price);
        }
        else
        {
            WriteError(new ErrorRecord(
                new ItemNotFoundException(
                    $"No price for the model '{spec}'. Name it provider:model, as in anthropic:claude-sonnet-4-5; Get-OpiPricing *part* finds "
                        + $"what there is, and Set-OpiPricing sets a price of your own."),
                "PriceNotFound",
                ErrorCategory.ObjectNotFound,
                spec));
        }
    }

    private void WriteMatching()
    {
        Wildcard? model = Model is null ? null : new Wildcard(Model);
        Wildcard? provider = string.IsNullOrEmpty(Provider) ? null : new Wildcard(Provider);
        foreach (ModelPricing price in ReadPrices().PricesAt(At))
        {
            Cancellation.ThrowIfCancellationRequested();
            if ((provider is null || provider.IsMatch(price.Provider))
                && (model is null || model.IsMatch(price.Model) || model.IsMatch($"{price.Provider}:{price.Model}")))
            {
                WriteObject(price);
            }
        }
    }

    /// <summary>Rules decide which entry a name matches; -Verbose shows them.</summary>
    private void WriteMatches(PricingCatalog catalog, string spec)
    {
        if (!MyInvocation.BoundParameters.ContainsKey("Verbose"))
        {
            return;
        }

        string found = "'" + spec + "' is";
        foreach (ModelMatch match in catalog.Matches(spec))
        {
            WriteVerbose($"{found} {match}.");
            found = "It could also be";
        }
    }

    private static bool HasWildcards(string? text) => text is not null && WildcardPattern.ContainsWildcardCharacters(text);
}
