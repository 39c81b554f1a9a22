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
    public decimal KnownCost => _cost.TotalCost + _unsplit;

    /// <summary>Whether each response has a price and a usage.</summary>
    public bool IsComplete => _priced && _known == Responses;

    /// <summary>Adds a response that is a row. Where the catalogue has no price of its model, the cost that it has already counts.</summary>
    public void Add(string? model, OpiUsage usage, CostBreakdown? cost)
    {
        if (cost is null && usage.Cost is { } own)
        {
            _unsplit += own;
            _split = false;
            cost = CostBreakdown.Zero;
        }

        Add(model, (usage.InputTokens, usage.OutputTokens, usage.CacheReadTokens, usage.CacheWriteTokens), usage.HasUsage, cost);
    }

    /// <summary>Adds a response.</summary>
    /// <param name="model">Its model; null when not told.</param>
    /// <param name="usage">Its tokens.</param>
    /// <param name="cost">What they cost; null when the model has no price.</param>
    public void Add(string? model, Usage usage, CostBreakdown? cost) =>
        Add(model, (usage.InputTokens, usage.OutputTokens, usage.CacheReadTokens, usage.CacheWriteTokens), usage.IsKnown, cost);

    /// <summary>The sums, in a row that has its keys.</summary>
    public T ToRow<T>(T row)
        where T : OpiCost
    {
        bool hasCost = _priced && (_known > 0 || Responses == 0);
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
            Priced = _priced,
            UnknownUsageTurns = UnknownUsageTurns,
            SearchCost = hasSplit ? _cost.SearchCost : null,
            Responses = Responses,
        };
    }

    private void Add(string? model, (long Input, long Output, long CacheRead, long CacheWrite) tokens, bool isKnown, CostBreakdown? cost)
    {
        if (model is not null && !ReferenceEquals(model, _lastModel))
        {
            _models.Add(_lastModel = model);
        }

        Responses++;
        _known += isKnown ? 1 : 0;
        _input = TokenMath.Add(_input, tokens.Input);
        _output = TokenMath.Add(_output, tokens.Output);
        _cacheRead = TokenMath.Add(_cacheRead, tokens.CacheRead);
        _cacheWrite = TokenMath.Add(_cacheWrite, tokens.CacheWrite);
        _priced &= cost is not null;
        if (cost is not null)
        {
            _cost += cost;
        }
    }
}
