namespace Opi;

/// <summary>What a response costs, as far as it is known.</summary>
/// <param name="Breakdown">The cost by kind; null where only a sum is known, or nothing.</param>
/// <param name="Known">The part that is known, in USD.</param>
/// <param name="IsComplete">Whether that is all of it.</param>
/// <param name="Source">Where it is from.</param>
internal readonly record struct UsageCost(CostBreakdown? Breakdown, decimal Known, bool IsComplete, CostSource Source)
{
    public static UsageCost Unknown => default;
}
