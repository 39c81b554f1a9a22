namespace Opi;

/// <summary>An amount that is reserved for a request which is under way.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Process">Who sends the request.</param>
/// <param name="Amount">The most that it can cost, in USD.</param>
/// <param name="At">When it was reserved.</param>
internal sealed record BudgetHold(string Id, ProcessIdentity Process, decimal Amount, DateTimeOffset At)
{
    /// <summary>The end of a process elsewhere cannot be seen: no request takes as long as this.</summary>
    private static readonly TimeSpan LongestElsewhere = TimeSpan.FromHours(1);

    /// <summary>Whether no process is left that could settle it.</summary>
    public bool IsAbandoned(DateTimeOffset now) => Process.IsHere ? Process.HasEnded : now - At > LongestElsewhere;
}
