using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>The budget of a turn.</summary>
public sealed partial class InvokeOpiTurnCommand
{
    /// <summary>What the sessions of this session's folder may cost in a period, in USD.</summary>
    [Parameter]
    [Amount]
    [ValidateRange(0.0, 1e15)]
    public decimal Budget { get; set; }

    /// <summary>The period of the budget; the current one counts.</summary>
    [Parameter]
    [Name<CostPeriod>]
    public CostPeriod Period { get; set; }

    /// <summary>Sends what cannot be priced too, and takes what is not known for nothing.</summary>
    [Parameter]
    public SwitchParameter AllowUnpriced { get; set; }

    /// <summary>A budget without a period, or the other way round, would keep nothing.</summary>
    private void CheckBudget()
    {
        if (IsGiven(nameof(Budget)) != IsGiven(nameof(Period)))
        {
            string missing = IsGiven(nameof(Budget)) ? "-Period, for example -Period Day" : "-Budget, in USD";
            ThrowTerminatingError(new ErrorRecord(
                new PSArgumentException($"A budget is an amount and a period: give {missing}, too."),
                "InvalidBudget",
                ErrorCategory.InvalidArgument,
                null));
        }
    }

    private TurnBudget? BudgetFor(OpiSession session)
    {
        if (!IsGiven(nameof(Budget)))
        {
            return null;
        }

        if (PricingCatalog.Default.Problems is [{ } problem, ..] && !AllowUnpriced)
        {
            ThrowTerminatingError(problem.ToErrorRecord()); // own prices that do not count may be higher than those that do
        }

        string folder = global::System.IO.Path.GetDirectoryName(session.Path)!;
        var reservations = new BudgetReservations(new BudgetFile(UsageLedger.DefaultFolder(), folder), Period, Budget, now => PeriodCost.Of(
            new UsageQuery { Paths = [folder], SessionModels = UsageReading.GivenModels() }, Period, TimeZoneInfo.Local, now, Cancellation))
        {
            AllowUnknown = AllowUnpriced,
        };
        return new TurnBudget(reservations, Period, Budget, Cancellation) { AllowUnpriced = AllowUnpriced };
    }
}
