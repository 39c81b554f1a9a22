namespace Opi;

/// <summary>How often and after which time a request is sent again.</summary>
internal sealed record RetryRule
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    /// <summary>How many times at most; 0 for never.</summary>
    public int Count { get; init; } = 5;

    /// <summary>The longest time between two tries. A provider that asks for more is not asked again.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Gives a number from 0 to below 1, by which many clients do not come back at the same moment.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;

    /// <summary>
    /// The time before a retry: what the provider asks for and up to a tenth more, else one second, doubled each time, of which up to half is
    /// taken off. Null when the provider asks for more than <see cref="MaxDelay"/>.
    /// </summary>
    /// <param name="retry">The number of the retry, from 1.</param>
    /// <param name="asked">What the provider asks for; null for nothing.</param>
    public TimeSpan? DelayBefore(int retry, TimeSpan? asked)
    {
        if (asked > MaxDelay)
        {
            return null;
        }

        double random = Random();
        if (asked > TimeSpan.Zero)
        {
            TimeSpan delay = asked.Value * (1 + (0.1 * random));
            return delay < MaxDelay ? delay : MaxDelay;
        }

        TimeSpan doubled = First * Math.Pow(2, Math.Min(retry - 1, 30));
        return (doubled < MaxDelay ? doubled : MaxDelay) * (1 - (0.5 * random));
    }
}
