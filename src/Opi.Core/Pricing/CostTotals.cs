namespace Opi;

/// <summary>Adds up responses to one row.</summary>
internal sealed class CostTotals
{
    private SortedSet<string>? _models; // made when there is a second one
    private string? _lastModel;
    private long _input;
    private long _output;
    private long _cacheRead;
    private long _cacheWrite;
    private decimal _inputCost;
    private decimal _outputCost;
    private decimal _cacheReadCost;
    private decimal _cacheWriteCost;
    private decimal _searchCost;
    private decimal _unsplit; // costs that a log has itself, of which the parts are not known
    private bool _split = true;
    private bool _priced = true;
    private long _known;

    /// <summary>How many responses were added.</summary>
    public long Responses { get; private set; }

    /// <summary>How many turns they are of.</summary>
    public int Turns { get; set; }

    /// <summary>How many turns have a response without usage.</summary>
    public int UnknownUsageTurns { get; set; }

    /// <summary>The cost of the responses that have one.</summary>
    public decimal KnownCost => _inputCost + _outputCost + _cacheReadCost + _cacheWriteCost + _searchCost + _unsplit;

    /// <summary>Whether each response has a price and a usage.</summary>
    public bool IsComplete => _priced && _known == Responses;

    /// <summary>Adds a response. Where the catalogue has no price of its model, the cost that it has already counts.</summary>
    /// <param name="model">Its model; null when not known.</param>
    /// <param name="usage">The response.</param>
    /// <param name="cost">What it costs; null when the model has no price.</param>
    public void Add(string? model, OpiUsage usage, CostBreakdown? cost)
    {
        if (cost is null && usage.Cost is { } own)
        {
            _unsplit += own;
            _split = false;
            cost = CostBreakdown.Zero;
        }

        if (model is not null && !ReferenceEquals(model, _lastModel))
        {
            if (_lastModel is not null)
            {
                _models ??= new SortedSet<string>(StringComparer.Ordinal) { _lastModel };
                _models.Add(model);
            }

            _lastModel = model;
        }

        Responses++;
        _known += usage.HasUsage ? 1 : 0;
        _input = TokenMath.Add(_input, usage.InputTokens);
        _output = TokenMath.Add(_output, usage.OutputTokens);
        _cacheRead = TokenMath.Add(_cacheRead, usage.CacheReadTokens);
        _cacheWrite = TokenMath.Add(_cacheWrite, usage.CacheWriteTokens);
        _priced &= cost is not null;
        if (cost is not null)
        {
            _inputCost += cost.InputCost;
            _outputCost += cost.OutputCost;
            _cacheReadCost += cost.CacheReadCost;
            _cacheWriteCost += cost.CacheWriteCost;
            _searchCost += cost.SearchCost;
        }
    }

    /// <summary>The sums, in a row that has its keys.</summary>
    public T ToRow<T>(T row)
        where T : OpiCost
    {
        bool hasCost = _priced && (_known > 0 || Responses == 0);
        bool hasSplit = hasCost && _split;
        return row with
        {
            Model = _models is null ? _lastModel : string.Join(", ", _models),
            Turns = Turns,
            InputTokens = _input,
            OutputTokens = _output,
            CacheReadTokens = _cacheRead,
            CacheWriteTokens = _cacheWrite,
            TotalTokens = TokenMath.Add(TokenMath.Add(_input, _output), TokenMath.Add(_cacheRead, _cacheWrite)),
            InputCost = hasSplit ? _inputCost : null,
            OutputCost = hasSplit ? _outputCost : null,
            CacheReadCost = hasSplit ? _cacheReadCost : null,
            CacheWriteCost = hasSplit ? _cacheWriteCost : null,
            TotalCost = hasCost ? KnownCost : null,
            Priced = _priced,
            UnknownUsageTurns = UnknownUsageTurns,
            SearchCost = hasSplit ? _searchCost : null,
            Responses = Responses,
        };
    }
}
