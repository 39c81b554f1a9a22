namespace Opi;

/// <summary>What one request has reserved of a budget. Disposing it without settling gives it back.</summary>
internal sealed class BudgetReservation : IDisposable
{
    private readonly BudgetReservations _budget;
    private readonly string _id;
    private bool _isDone;

    /// <summary>Made by <see cref="BudgetReservations.Reserve"/>.</summary>
    public BudgetReservation(BudgetReservations budget, string id) => (_budget, _id) = (budget, id);

    /// <summary>Puts what was billed in the place of what was reserved. The answer is recorded by now.</summary>
    /// <param name="cost">What was billed, in USD; null when not known: then the sessions are read before the next request.</param>
    public void Settle(decimal? cost)
    {
        if (!_isDone)
        {
            _isDone = true;
            _budget.End(_id, cost, isBilled: true);
        }
    }

    public void Dispose()
    {
        if (!_isDone)
        {
            _isDone = true;
            _budget.End(_id, null, isBilled: false);
        }
    }
}
