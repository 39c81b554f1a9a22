namespace Opi;

/// <summary>Says which part of the costs is known and where it is from, separately from what is not known.</summary>
internal sealed class KnownParts
{
    private const string NoModel = "(no model)";

    private readonly SortedDictionary<CostSource, Part> _origins = [];
    private readonly Dictionary<(UsageSource Source, string Model), Part> _unknown = [];

    /// <summary>The responses whose cost is known whole.</summary>
    public Part Known { get; } = new();

    /// <summary>The others; their cost is the part that is known.</summary>
    public Part Unknown { get; } = new();

    /// <summary>What is known, by where it is from.</summary>
    public IReadOnlyDictionary<CostSource, Part> Origins => _origins;

    /// <summary>What is not known, by source and model; the most responses first.</summary>
    public IEnumerable<((UsageSource Source, string Model) Key, Part Part)> UnknownModels => _unknown
        .OrderByDescending(item => item.Value.Responses)
        .ThenBy(item => item.Key.Source)
        .ThenBy(item => item.Key.Model, StringComparer.Ordinal)
        .Select(item => (item.Key, item.Value));

    /// <summary>Adds a response.</summary>
    public void Add(PricedUsage priced)
    {
        (OpiUsage usage, string? model, UsageCost cost) = priced;
        bool isKnown = cost.IsComplete && usage.HasUsage;
        (isKnown ? Known : Unknown).Add(usage, cost.Known, isKnown);
        if (cost.Source != CostSource.None)
        {
            Of(_origins, cost.Source).Add(usage, cost.Known, isKnown);
        }

        if (!isKnown)
        {
            Of(_unknown, (usage.Source, model ?? NoModel)).Add(usage, cost.Known, isKnown);
        }
    }

    private static Part Of<TKey>(IDictionary<TKey, Part> parts, TKey key) =>
        parts.TryGetValue(key, out Part? part) ? part : parts[key] = new Part();

    /// <summary>A sum of responses.</summary>
    internal sealed class Part
    {
        /// <summary>How many.</summary>
        public long Responses { get; private set; }

        /// <summary>Their tokens.</summary>
        public long Tokens { get; private set; }

        /// <summary>Their cost, as far as it is known.</summary>
        public ReportAmount Cost { get; private set; } = ReportAmount.None;

        /// <summary>Adds a response.</summary>
        public void Add(OpiUsage usage, decimal known, bool isKnown)
        {
            Responses++;
            Tokens = TokenMath.Add(Tokens, usage.TotalTokens);
            Cost += new ReportAmount(known, isKnown);
        }
    }
}
