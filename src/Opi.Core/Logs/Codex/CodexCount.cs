namespace Opi;

/// <summary>A note of the running total, with the last response's own counts if they are given.</summary>
/// <param name="Time">When it was noted; null when not known.</param>
/// <param name="Total">The running total; null when not known.</param>
/// <param name="Last">The last response's counts; null when not known.</param>
/// <param name="Context">What holds for it.</param>
/// <param name="Unknown">What of it is not understood.</param>
internal sealed record CodexCount(
    DateTimeOffset? Time, CodexTokens? Total, CodexTokens? Last, CodexContext Context, UnknownMembers Unknown = default)
{
    /// <summary>Whether a line before it could not be read, which may have had a count.</summary>
    public bool IsAfterGap { get; init; }

    /// <summary>Whether it was noted during a review, when the counts of the thread that reviews are noted here too.</summary>
    public bool IsInReview { get; init; }
}
