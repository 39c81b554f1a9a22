namespace Opi;

/// <summary>A budget that each request of a turn asks before it is sent.</summary>
internal interface ITurnBudget
{
    /// <summary>Reserves the most that a request can cost.</summary>
    /// <exception cref="BudgetException">There is not enough left, or the request cannot be priced. Nothing is to be sent.</exception>
    ITurnReservation Reserve(TurnRequest request);
}
