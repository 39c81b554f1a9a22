namespace Opi;

/// <summary>
/// Notices when compacting by itself is of no use: three compactions of a threshold in a row failed or gained next to nothing. From then on
/// most are skipped, and now and then one is tried, at longer and longer intervals, because a failure may have been a passing one.
/// </summary>
internal sealed class CompactionBreaker
{
    /// <summary>The least share of the context that a compaction must save to count as useful.</summary>
    public const double LeastGain = 0.05;

    /// <summary>A context below this many tokens is not judged: there is hardly anything to gain, and hardly anything to lose.</summary>
    public const long SmallContextTokens = 2_000;

    private const int MaxUseless = 3;
    private const int FirstPause = 3;
    private const int LongestPause = 24;

    private int _useless;
    private int _pause;  // how many are skipped before one is tried
    private int _passed;

    /// <summary>Whether compactions for the threshold are skipped, except for a trial now and then.</summary>
    public bool IsOpen => _useless >= MaxUseless;

    /// <summary>Whether a context of one size instead of another is worth a compaction.</summary>
    public static bool IsUseful(long tokensBefore, long tokensAfter) =>
        tokensBefore < SmallContextTokens || tokensAfter <= tokensBefore * (1 - LeastGain);

    /// <summary>Whether a compaction that is due should run. Manual ones and those after an overflow always run.</summary>
    public bool Admits(CompactionReason reason) => reason != CompactionReason.Threshold || !IsOpen || ++_passed > _pause;

    /// <summary>Notes a compaction that was done; one that was asked for counts only when it was of use.</summary>
    public void Done(CompactionReason reason, long tokensBefore, long tokensAfter)
    {
        if (IsUseful(tokensBefore, tokensAfter))
        {
            (_useless, _pause, _passed) = (0, 0, 0);
        }
        else
        {
            Failed(reason);
        }
    }

    public void Failed(CompactionReason reason)
    {
        if (reason != CompactionReason.Threshold)
        {
            return;
        }

        _useless = Math.Min(_useless + 1, MaxUseless);
        if (IsOpen)
        {
            _pause = Math.Clamp(_pause * 2, FirstPause, LongestPause);
            _passed = 0;
        }
    }
}
