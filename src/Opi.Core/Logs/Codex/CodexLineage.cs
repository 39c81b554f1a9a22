namespace Opi;

/// <summary>The running totals of the threads that a thread comes from.</summary>
/// <param name="Ancestors">Those of its ancestors, as far as their logs or the ledger have them.</param>
/// <param name="Siblings">Those of older forks of the same parent, where the parent's log is gone.</param>
/// <param name="IsWhole">Whether the parent's log is there.</param>
internal sealed record CodexLineage(
    IReadOnlySet<(long Input, long Cached, long Output)> Ancestors,
    IReadOnlySet<(long Input, long Cached, long Output)> Siblings,
    bool IsWhole)
{
    /// <summary>Nothing is known.</summary>
    public static CodexLineage None { get; } =
        new(new HashSet<(long Input, long Cached, long Output)>(), new HashSet<(long Input, long Cached, long Output)>(), IsWhole: false);

    /// <summary>The counts of reviews, by their running totals. They have threads of their own, and no line names whose work they review.</summary>
    public ILookup<(long Input, long Cached, long Output), CodexCount> Reviews { get; init; } =
        Array.Empty<CodexCount>().ToLookup(count => count.Total!.Value.Mark);
}
