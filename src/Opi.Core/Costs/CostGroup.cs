namespace Opi;

/// <summary>What the responses that have the same keys cost.</summary>
/// <param name="keys">
/// What they have in common, in the order of the groupings: a <see cref="DateOnly"/> for Day, Week (its Monday) and Month (its first day), a
/// <see cref="DateTimeOffset"/> for Hour and Block (their beginning), an <see cref="int"/> for Turn, a <see cref="UsageSource"/> for Source, else
/// a text. Null where the log does not say, and for a total.
/// </param>
/// <param name="cost">The row.</param>
public sealed class CostGroup(IReadOnlyList<object?> keys, OpiCost cost)
{
    /// <summary>What the responses have in common, in the order of the groupings.</summary>
    public IReadOnlyList<object?> Keys { get; } = keys;

    /// <summary>The sum.</summary>
    public OpiCost Cost { get; } = cost;

    /// <summary>The part of the cost that is known, in USD. It is all of it where <see cref="IsComplete"/>.</summary>
    public decimal KnownCost => Cost.KnownCost;

    /// <summary>Whether each response has a price and a usage that was reported, and all files were read that may have a part of it.</summary>
    public bool IsComplete => Cost.TotalCost is not null;

    /// <summary>Why responses have a cost that is not known.</summary>
    public UnknownCosts Unknown { get; init; } = new();

    /// <summary>The folder that the agent worked in, by the earliest response or turn that has one; null when none does.</summary>
    public string? Project { get; init; }

    /// <summary>When the earliest response or turn was; null when none has a time.</summary>
    public DateTimeOffset? First { get; init; }

    /// <summary>When the latest was; null when none has a time.</summary>
    public DateTimeOffset? Last { get; init; }

    /// <summary>When its block ends, where the groups are by block; else null.</summary>
    internal DateTimeOffset? Ends { get; init; }

    /// <summary>
    /// What an hour cost from the first to the last response, in USD; null where the cost is not known whole, and where no time passed.
    /// </summary>
    internal decimal? BurnRate =>
        IsComplete && Last - First is { Ticks: > 0 } span
            ? Math.Round(Math.Min(KnownCost, decimal.MaxValue / TimeSpan.TicksPerHour) * TimeSpan.TicksPerHour / span.Ticks, 6)
            : null;

    /// <summary>What its block will have cost when it ends, at that rate; null where that is not known, and when the block is over.</summary>
    /// <param name="now">The moment of now.</param>
    internal decimal? Projected(DateTimeOffset now) =>
        BurnRate is { } rate && Ends > now && First <= now
            ? Math.Round(KnownCost + (rate * (Ends.Value - now).Ticks / TimeSpan.TicksPerHour), 6)
            : null;

    /// <summary>What is left of a budget, below 0 when it is used up; null when the cost is not known whole.</summary>
    /// <param name="budget">The budget in USD.</param>
    public decimal? Remaining(decimal budget) => IsComplete ? budget - Math.Max(KnownCost, decimal.MinValue / 2) : null;

    /// <summary>Whether more than the budget was spent; null when that depends on the part of the cost that is not known.</summary>
    /// <param name="budget">The budget in USD.</param>
    public bool? IsOver(decimal budget) => KnownCost > budget ? true : IsComplete ? false : null;
}
