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
    private bool _split = true;
    private bool _priced = true;
    private CostSource _sources;
    private UnknownCosts? _unknown;

    public long Responses { get; private set; }

    public int Turns { get; set; }

    public int UnknownUsageTurns { get; set; }

    public long UnpricedResponses { get; private set; }

    public decimal KnownCost { get; private set; }

    /// <summary>Why the others are not known; null when there are none.</summary>
    public UnknownCosts? Unknown => _unknown;

    /// <summary>Adds a response.</summary>
    /// <param name="model">Its model; null when not known.</param>
    /// <param name="usage">The response.</param>
    /// <param name="cost">What it costs.</param>
    public void Add(string? model, OpiUsage usage, UsageCost cost)
    {
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
        _input = TokenMath.Add(_input, usage.InputTokens);
        _output = TokenMath.Add(_output, usage.OutputTokens);
        _cacheRead = TokenMath.Add(_cacheRead, usage.CacheReadTokens);
        _cacheWrite = TokenMath.Add(_cacheWrite, usage.CacheWriteTokens);
        _priced &= cost.IsComplete;
        _split &= cost.Breakdown is not null || cost.Known == 0;
        _sources |= cost.Source;
        bool fits = TryAdd(cost);
        if (!(cost.IsComplete && usage.HasUsage && fits))
        {
            UnpricedResponses++;
            (_unknown ??= new UnknownCosts()).Note(usage, model, cost);
            _unknown.TooLarge += fits ? 0 : 1;
        }
    }

    /// <summary>Adds a cost. A sum that a decimal cannot hold stays where it was.</summary>
    private bool TryAdd(UsageCost cost)
    {
        try
        {
            decimal sum = KnownCost + cost.Known; // the parts of a sum that fits fit too
            if (cost.Breakdown is { } parts)
            {
                _inputCost += parts.InputCost;
                _outputCost += parts.OutputCost;
                _cacheReadCost += parts.CacheReadCost;
                _cacheWriteCost += parts.CacheWriteCost;
                _searchCost += parts.SearchCost;
            }

            KnownCost = sum;
            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    /// <summary>The sums, in a row that has its keys.</summary>
    /// <param name="row">The row.</param>
    /// <param name="unread">How many files that may have a part of it were not read.</param>
    public T ToRow<T>(T row, int unread)
        where T : OpiCost
    {
        bool hasCost = UnpricedResponses == 0 && unread == 0;
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
            KnownCost = KnownCost,
            UnpricedResponses = UnpricedResponses,
            UnreadFiles = unread,
            CostSource = _sources,
            Priced = _priced,
            UnknownUsageTurns = UnknownUsageTurns,
            SearchCost = hasSplit ? _searchCost : null,
            Responses = Responses,
        };
    }
}
