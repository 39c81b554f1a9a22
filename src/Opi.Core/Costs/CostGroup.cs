namespace Opi;

/// <summary>What the responses that have the same keys cost.</summary>
/// <param name="Keys">
/// What they have in common, in the order of the groupings: a <see cref="DateOnly"/> for Day, Week (its Monday) and Month (its first day), a
/// <see cref="DateTimeOffset"/> for Hour and Block (their beginning), an <see cref="int"/> for Turn, a <see cref="UsageSource"/> for Source, else
/// a text. Null where the log does not tell, and for a total.
/// </param>
/// <param name="Cost">The row.</param>
public sealed record CostGroup(IReadOnlyList<object?> Keys, OpiCost Cost)
{
    /// <summary>The part of the cost that is known, in USD. It is all of it where <see cref="IsComplete"/>.</summary>
    public decimal KnownCost { get; init; }

    /// <summary>Whether each response has a price and a usage that was reported.</summary>
    public bool IsComplete { get; init; }

    /// <summary>What is left of a budget, below 0 when it is used up; null when the cost is not known whole.</summary>
    /// <param name="budget">The budget in USD.</param>
    public decimal? Remaining(decimal budget) => IsComplete ? budget - KnownCost : null;

    /// <summary>Whether more than the budget was spent; null when that depends on the part of the cost that is not known.</summary>
    /// <param name="budget">The budget in USD.</param>
    public bool? IsOver(decimal budget) => KnownCost > budget ? true : IsComplete ? false : null;
}
