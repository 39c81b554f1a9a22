namespace Opi;

/// <summary>What a period has cost, as it was last read from the sessions, and what was billed since.</summary>
/// <param name="Period">The period and its beginning, for example <c>Day 2026-11-25T00:00:00.0000000Z</c>.</param>
/// <param name="ReadAt">When it was read; the default for a reading that is not to be used any more.</param>
/// <param name="Took">How long that took.</param>
/// <param name="Known">The part of the cost that is known, in USD.</param>
/// <param name="IsComplete">Whether that is all.</param>
/// <param name="Since">What was billed and recorded after the reading, in USD.</param>
internal sealed record BudgetSpent(string Period, DateTimeOffset ReadAt, TimeSpan Took, decimal Known, bool IsComplete, decimal Since)
{
    /// <summary>How much longer than the reading took it is used: so reading takes a twentieth of the time at most.</summary>
    private const int TimesTook = 20;

    private static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(5);

    public decimal Amount => Known + Since;

    /// <summary>Whether it still counts: what others record without a budget is seen only by reading again.</summary>
    public bool IsUsable(DateTimeOffset now) => now >= ReadAt && now - ReadAt <= (Took * TimesTook > AtLeast ? Took * TimesTook : AtLeast);
}
