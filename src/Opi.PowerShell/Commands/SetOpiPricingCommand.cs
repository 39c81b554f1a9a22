using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Sets a price of the user's own for a model or for all that a pattern is for.</summary>
[Cmdlet(VerbsCommon.Set, "OpiPricing", SupportsShouldProcess = true, DefaultParameterSetName = SetPrice)]
[OutputType(typeof(ModelPricing))]
public sealed class SetOpiPricingCommand : OpiCmdlet
{
    private const string SetPrice = "Set";
    private const string RemovePrice = "Remove";

    private readonly List<ModelPricing> _pending = [];

    /// <summary>The model as provider:model, or a pattern with * and ?.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string Model { get; set; } = "";

    /// <summary>The provider, where the model does not name it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string? Provider { get; set; }

    /// <summary>USD for a million uncached input tokens.</summary>
    [Parameter(ParameterSetName = SetPrice, ValueFromPipelineByPropertyName = true)]
    [Price]
    public decimal? InputPrice { get; set; }

    /// <summary>USD for a million output tokens.</summary>
    [Parameter(ParameterSetName = SetPrice, ValueFromPipelineByPropertyName = true)]
    [Price]
    public decimal? OutputPrice { get; set; }

    /// <summary>USD for a million tokens read from the cache.</summary>
    [Parameter(ParameterSetName = SetPrice, ValueFromPipelineByPropertyName = true)]
    [Price]
    public decimal? CacheReadPrice { get; set; }

    /// <summary>USD for a million tokens written to the cache for five minutes.</summary>
    [Parameter(ParameterSetName = SetPrice, ValueFromPipelineByPropertyName = true)]
    [Price]
    public decimal? CacheWritePrice { get; set; }

    /// <summary>USD for a million tokens written to the cache for one hour.</summary>
    [Parameter(ParameterSetName = SetPrice, ValueFromPipelineByPropertyName = true)]
    [Price]
    public decimal? CacheWrite1hPrice { get; set; }

    /// <summary>USD for a thousand web searches.</summary>
    [Parameter(ParameterSetName = SetPrice, ValueFromPipelineByPropertyName = true)]
    [Price]
    public decimal? SearchPrice { get; set; }

    /// <summary>How many tokens a request can have.</summary>
    [Parameter(ParameterSetName = SetPrice, ValueFromPipelineByPropertyName = true)]
    [Count]
    public long? ContextWindow { get; set; }

    /// <summary>From when on the price is valid. The default is always.</summary>
    [Parameter(ParameterSetName = SetPrice, ValueFromPipelineByPropertyName = true)]
    [IsoTime]
    public DateTimeOffset? ValidFrom { get; set; }

    /// <summary>Takes out the own prices of this model or pattern.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RemovePrice)]
    public SwitchParameter Remove { get; set; }

    /// <summary>Gives the price that was set.</summary>
    [Parameter(ParameterSetName = SetPrice)]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string name = string.IsNullOrEmpty(Provider) ? Model : $"{Provider}:{Model}";
        ForItem(() => Change(name), name);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_pending.Count > 0)
        {
            ForItem(WritePending, null);
        }
    }

    /// <summary>All at once: each write puts the whole file on the disk.</summary>
    private void WritePending()
    {
        foreach (ModelPricing set in PricingCatalog.Set(_pending))
        {
            if (PassThru)
            {
                WriteObject(set);
            }
        }
    }

    private void Change(string name)
    {
        if (Remove)
        {
            if (ShouldProcess(name, "Remove own price") && !PricingCatalog.Remove(name))
            {
                WriteError(new ErrorRecord(
                    new ItemNotFoundException($"You have set no price for '{name}'. Get-OpiPricing shows them with the source User."),
                    "PriceNotFound",
                    ErrorCategory.ObjectNotFound,
                    name));
            }

            return;
        }

        // What is not given stays as it is. A pattern is for several models, so it has no price before.
        ModelPricing? before = _pending.FindLast(price => IsSame(price, name)) ?? PricingCatalog.Default.Own(name, ValidFrom)
            ?? PricingCatalog.Default.Find(name, ValidFrom);
        if ((InputPrice ?? before?.InputPrice) is not { } input || (OutputPrice ?? before?.OutputPrice) is not { } output)
        {
            WriteInvalidArgument(
                "PriceIncomplete",
                $"'{name}' has no price yet: give -InputPrice and -OutputPrice, in USD for a million tokens; 0 where it is free.",
                name);
            return;
        }

        if (ShouldProcess(name, $"Set price to {Internal.FormatHelper.Money(input)} in, {Internal.FormatHelper.Money(output)} out a million tokens"))
        {
            (string provider, string model) = ModelName.Split(name);
            _pending.Add(new ModelPricing(
                provider, model, input, output, CacheReadPrice ?? before?.CacheReadPrice, CacheWritePrice ?? before?.CacheWritePrice, "")
            {
                CacheWrite1hPrice = CacheWrite1hPrice ?? before?.CacheWrite1hPrice,
                SearchPrice = SearchPrice ?? before?.SearchPrice,
                ContextWindow = ContextWindow ?? before?.ContextWindow,
                ValidFrom = ValidFrom,
            });
        }
    }

    private bool IsSame(ModelPricing price, string name) =>
        price.ValidFrom == ValidFrom && string.Equals(ModelName.Join(price.Provider, price.Model), name, StringComparison.OrdinalIgnoreCase);
}
