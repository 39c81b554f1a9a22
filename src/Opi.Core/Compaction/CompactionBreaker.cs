namespace Opi;

/// <summary>
/// Notices when compacting is of no use: three compactions in a row failed or gained next to nothing. From then on none runs by itself, until
/// one that somebody asks for has a gain.
/// </summary>
internal sealed class CompactionBreaker
{
    /// <summary>The least share of the context that a compaction must save to count as useful.</summary>
    public const double LeastGain = 0.05;

    /// <summary>A context below this many tokens is not judged: there is hardly anything to gain, and hardly anything to lose.</summary>
    public const long SmallContextTokens = 2_000;

    private const int MaxUseless = 3;

    private int _useless;

    /// <summary>Whether none is to run by itself.</summary>
    public bool IsOpen => _useless >= MaxUseless;

    /// <summary>Whether a context of one size instead of another is worth a compaction.</summary>
    public static bool IsUseful(long tokensBefore, long tokensAfter) =>
        tokensBefore < SmallContextTokens || tokensAfter <= tokensBefore * (1 - LeastGain);

    /// <summary>Notes a compaction that was done; one that was asked for counts only when it was of use.</summary>
    public void Done(CompactionReason reason, CompactionPlan plan)
    {
        if (IsUseful(plan.ContextTokensBefore, plan.ContextTokensAfter))
        {
            _useless = 0;
        }
        else
        {
            Failed(reason);
        }
    }

    /// <summary>Notes one that failed.</summary>
    public void Failed(CompactionReason reason) => _useless += reason == CompactionReason.Manual ? 0 : 1;
}
