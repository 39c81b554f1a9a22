namespace Opi;

/// <summary>Adds up responses to one row.</summary>
internal sealed class CostTotals
{
    private readonly SortedSet<string> _models = new(StringComparer.Ordinal);
    private string? _lastModel;
    private long _input;
    private long _output;
    private long _cacheRead;
    private long _cacheWrite;
    private CostBreakdown _cost = CostBreakdown.Zero;
    private bool _split = true;
    private bool _priced = true;
    private bool _overflowed;
    private CostSource _sources;
    private long _known;

    /// <summary>How many responses were added.</summary>
    public long Responses { get; private set; }

    /// <summary>How many turns they are of.</summary>
    public int Turns { get; set; }

    /// <summary>How many turns have a response without usage.</summary>
    public int UnknownUsageTurns { get; set; }

    /// <summary>How many responses have a cost that is not known, or only in part.</summary>
    public long UnpricedResponses { get; private set; }

    /// <summary>The part of the cost that is known.</summary>
    public decimal KnownCost { get; private set; }

    /// <summary>Whether each response has a price and a usage.</summary>
    public bool IsComplete => _priced && !_overflowed && _known == Responses;

    /// <summary>Adds a response.</summary>
    /// <param name="model">Its model; null when not known.</param>
    /// <param name="usage">The response.</param>
    /// <param name="cost">What it costs.</param>
    public void Add(string? model, OpiUsage usage, UsageCost cost)
    {
        if (model is not null && !ReferenceEquals(model, _lastModel))
        {
            _models.Add(_lastModel = model);
        }

        Responses++;
        _known += usage.HasUsage ? 1 : 0;
        _input = TokenMath.Add(_input, usage.InputTokens);
        _output = TokenMath.Add(_output, usage.OutputTokens);
        _cacheRead = TokenMath.Add(_cacheRead, usage.CacheReadTokens);
        _cacheWrite = TokenMath.Add(_cacheWrite, usage.CacheWriteTokens);
        _priced &= cost.IsComplete;
        UnpricedResponses += cost.IsComplete && usage.HasUsage ? 0 : 1;
        _split &= cost.Breakdown is not null || cost.Known == 0;
        _sources |= cost.Source;
        AddCost(cost);
    }

    /// <summary>A sum that a decimal cannot hold stays where it was and is incomplete from then on.</summary>
    private void AddCost(UsageCost cost)
    {
        try
        {
            KnownCost += cost.Known;
            _cost += cost.Breakdown ?? CostBreakdown.Zero;
        }
        catch (OverflowException)
        {
            _overflowed = true;
        }
    }

    /// <summary>The sums, in a row that has its keys.</summary>
    public T ToRow<T>(T row)
        where T : OpiCost
    {
        bool hasCost = _priced && !_overflowed && (_known > 0 || Responses == 0);
        bool hasSplit = hasCost && _split;
        return row with
        {
            Model = _models.Count == 0 ? null : string.Join(", ", _models),
            Turns = Turns,
            InputTokens = _input,
            OutputTokens = _output,
            CacheReadTokens = _cacheRead,
            CacheWriteTokens = _cacheWrite,
            TotalTokens = TokenMath.Add(TokenMath.Add(_input, _output), TokenMath.Add(_cacheRead, _cacheWrite)),
            InputCost = hasSplit ? _cost.InputCost : null,
            OutputCost = hasSplit ? _cost.OutputCost : null,
            CacheReadCost = hasSplit ? _cost.CacheReadCost : null,
            CacheWriteCost = hasSplit ? _cost.CacheWriteCost : null,
            TotalCost = hasCost ? KnownCost : null,
            KnownCost = KnownCost,
            UnpricedResponses = UnpricedResponses,
            CostSource = _sources,
            Priced = _priced,
            UnknownUsageTurns = UnknownUsageTurns,
            SearchCost = hasSplit ? _cost.SearchCost : null,
            Responses = Responses,
        };
    }
}
