namespace Opi;

/// <summary>The tokens of a session so far. Sums stop at the largest number; they never wrap.</summary>
/// <param name="InputTokens">Input tokens, uncached.</param>
/// <param name="OutputTokens">Output tokens.</param>
/// <param name="CacheReadTokens">Tokens read from the cache.</param>
/// <param name="CacheWriteTokens">Tokens written to the cache.</param>
/// <param name="Turns">Turns.</param>
/// <param name="UnknownUsageTurns">Turns with a response whose usage was not reported.</param>
public sealed record CumulativeUsage(
    long InputTokens, long OutputTokens, long CacheReadTokens, long CacheWriteTokens, int Turns, int UnknownUsageTurns)
{
    /// <summary>Nothing yet.</summary>
    public static readonly CumulativeUsage Zero = new(0, 0, 0, 0, 0, 0);

    /// <summary>All tokens.</summary>
    public long TotalTokens => AsUsage().TotalTokens;

    /// <summary>With one more turn.</summary>
    /// <param name="usage">The turn's usage.</param>
    /// <param name="unknown">Whether the usage of some response of the turn is not known, so that the counts are too low.</param>
    public CumulativeUsage Accumulate(Usage usage, bool unknown = false)
    {
        ArgumentNullException.ThrowIfNull(usage);
        return With(usage, Turns + 1, UnknownUsageTurns + (unknown ? 1 : 0));
    }

    /// <summary>With tokens that belong to no turn.</summary>
    public CumulativeUsage Add(Usage usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        return With(usage, Turns, UnknownUsageTurns);
    }

    /// <summary>The four counts in one line, in the same way in every culture.</summary>
    public override string ToString() => AsUsage().ToString();

    /// <summary>The counts without the turns.</summary>
    public Usage AsUsage() => new(InputTokens, OutputTokens, CacheReadTokens, CacheWriteTokens);

    private CumulativeUsage With(Usage usage, int turns, int unknownUsageTurns) => new(
        TokenMath.Add(InputTokens, usage.InputTokens),
        TokenMath.Add(OutputTokens, usage.OutputTokens),
        TokenMath.Add(CacheReadTokens, usage.CacheReadTokens),
        TokenMath.Add(CacheWriteTokens, usage.CacheWriteTokens),
        turns,
        unknownUsageTurns);
}
