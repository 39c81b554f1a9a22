namespace Opi;

/// <summary>Adds up what the parts of one response cost.</summary>
internal struct PricedSum()
{
    private CostBreakdown? _sum;
    private CostSource _source;
    private bool _isComplete = true;

    /// <summary>The provider of the last price; null where there was none.</summary>
    public string? Provider { get; private set; }

    public void Add(PricedTokens part)
    {
        _isComplete &= part.IsComplete;
        if (part.Cost is { } cost)
        {
            _sum = _sum is null ? cost : _sum + cost;
            _source |= part.Source;
            Provider = part.Provider;
        }
    }

    /// <summary>Adds calls that are billed by the call; null where they have no known price.</summary>
    public void AddFee(decimal? cost)
    {
        _isComplete &= cost is not null;
        if (cost is { } known && _sum is { } sum)
        {
            _sum = sum with { SearchCost = sum.SearchCost + known };
        }
    }

    /// <summary>The cost of the response.</summary>
    /// <param name="isComplete">Whether all of the reply is understood.</param>
    public readonly UsageCost ToCost(bool isComplete) => _sum is null
        ? UsageCost.Unknown
        : new UsageCost(_sum, _sum.TotalCost, isComplete && _isComplete, _source);
}
