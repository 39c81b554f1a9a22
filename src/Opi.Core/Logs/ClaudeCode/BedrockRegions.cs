namespace Opi;

/// <summary>
/// A response of Bedrock names its model without the region that answered. If a model costs more in some region, it is not
/// known what its response cost, unless the user has set a price.
/// </summary>
internal sealed class BedrockRegions(PricingCatalog catalog)
{
    public const string Provider = "aws";

    private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <summary>Notes in a response that its region is not known, if that makes its cost unknown.</summary>
    public void Note(ClaudeDraft draft)
    {
        // A name with a point is Bedrock's own: us.anthropic.claude-opus-4-5-20251101-v1:0.
        if (draft.Provider != Provider || draft.Model is not { Length: > 0 } model || model.Contains('.', StringComparison.Ordinal))
        {
            return;
        }

        if (!_known.TryGetValue(model, out bool isTheSame))
        {
            _known.Add(model, isTheSame = CostsTheSame(model, draft.Timestamp));
        }

        if (!isTheSame)
        {
            BillingDetails billing = draft.Billing ?? new BillingDetails(draft.Tier, draft.WebSearches);
            draft.Billing = billing with { Unknown = billing.Unknown.Add("region: the log does not name it, and in some this model costs more") };
        }
    }

    private bool CostsTheSame(string model, DateTimeOffset? time)
    {
        ModelPricing? here = catalog.Find($"{Provider}:{model}", time, out CostSource source);
        ModelPricing? everywhere = catalog.Find($"{Provider}:global.anthropic.{model}", time);
        return source == CostSource.Own || here is null || everywhere is null
            || (here.InputPrice, here.OutputPrice) == (everywhere.InputPrice, everywhere.OutputPrice);
    }
}
