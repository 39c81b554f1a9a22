namespace Opi;

/// <summary>Keeps a budget that is shared with other processes: each request reserves the most that it can cost.</summary>
/// <param name="reservations">The budget.</param>
/// <param name="period">What it is for, for messages.</param>
/// <param name="budget">It, in USD.</param>
/// <param name="cancellationToken">Stops the waiting for others.</param>
internal sealed class TurnBudget(BudgetReservations reservations, CostPeriod period, decimal budget, CancellationToken cancellationToken)
    : ITurnBudget
{
    /// <summary>Whether a request that cannot be priced may be sent. It reserves nothing.</summary>
    public bool AllowUnpriced { get; init; }

    public ITurnReservation Reserve(TurnRequest request)
    {
        RequestBound bound = RequestBound.Of(request.Provider, request.Model, request.Body, request.Context, reservations.TimeProvider.GetUtcNow());
        if (bound.Cost is null && !AllowUnpriced)
        {
            string word = period.ToString().ToLowerInvariant();
            throw new BudgetException(
                FormattableString.Invariant(
                    $"Whether the budget of ${budget:0.00####} a {word} allows the request is not known: {bound.Why}. It was not sent."),
                period.ToString(),
                budget,
                0)
            {
                IsOfRequest = true,
            };
        }

        return new Reservation(reservations.Reserve(bound.Cost ?? 0, cancellationToken));
    }

    private sealed class Reservation(BudgetReservation reserved) : ITurnReservation
    {
        public void Settle(IReadOnlyList<AssistantMessage> answers)
        {
            var pricer = new UsagePricer(PricingCatalog.Default);
            decimal sum = 0;
            bool isKnown = true;
            foreach (AssistantMessage answer in answers)
            {
                UsageCost cost = pricer.CostOf(answer);
                sum += cost.Known;
                isKnown &= cost.IsComplete && (answer.Usage.TotalTokens > 0 || answer.Usage.Billing?.StatedCost is not null);
            }

            reserved.Settle(isKnown ? sum : null);
        }

        public void Dispose() => reserved.Dispose();
    }
}
