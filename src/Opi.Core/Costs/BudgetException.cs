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

    /// <inheritdoc/>
    public override string ErrorId => IsOver ? "OverBudget" : "BudgetUnknown";

    /// <summary>The budget in USD.</summary>
    public decimal Budget { get; }

    /// <summary>What is known to have been spent, in USD.</summary>
    public decimal KnownCost { get; }

    /// <summary>What requests that are under way have reserved, in USD; 0 where no request was refused.</summary>
    public decimal Reserved { get; init; }

    /// <summary>The most that the refused request could have cost, in USD; 0 where none was refused.</summary>
    public decimal Requested { get; init; }

    /// <summary>
    /// Whether more than the budget was spent, or a request was refused that might have cost more than is left; false where that is not known.
    /// </summary>
    public bool IsOver => IsRefusal || KnownCost > Budget;

    /// <summary>Whether a request was refused because of what it might cost.</summary>
    internal bool IsRefusal { get; init; }

    /// <summary>Whether it is the request whose cost is not known.</summary>
    internal bool IsOfRequest { get; init; }
}
