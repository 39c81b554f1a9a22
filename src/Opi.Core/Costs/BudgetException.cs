namespace Opi;

/// <summary>A budget was used up, or it is not known whether it was.</summary>
public sealed class BudgetException : OpiException
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">What was spent of what, and what to do, in one line.</param>
    /// <param name="period">The period that the budget is for, for example 2026-11-24.</param>
    /// <param name="budget">The budget in USD.</param>
    /// <param name="knownCost">What is known to have been spent, in USD.</param>
    public BudgetException(string message, string period, decimal budget, decimal knownCost)
        : base(message, period) => (Budget, KnownCost) = (budget, knownCost);

    /// <summary>The budget in USD.</summary>
    public decimal Budget { get; }

    /// <summary>What is known to have been spent, in USD.</summary>
    public decimal KnownCost { get; }

    /// <summary>Whether more than the budget was spent; false where that is not known.</summary>
    public bool IsOver => KnownCost > Budget;
}
