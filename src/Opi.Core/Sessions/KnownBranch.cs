namespace Opi;

/// <summary>A stretch of the tree, described by its tip.</summary>
/// <param name="Tip">The id of its last entry.</param>
/// <param name="At">The position of that entry.</param>
/// <param name="Depth">How many steps the tip is from the start.</param>
/// <param name="Entries">How many entries it has.</param>
/// <param name="ForkPoint">The id of the entry it forks from; null for a start.</param>
/// <param name="Runs">Where its entries stand.</param>
/// <param name="End">What there is from the start of the conversation to the tip.</param>
internal readonly record struct KnownBranch(
    string Tip, LinePlace At, int Depth, int Entries, string? ForkPoint, List<ContentRun> Runs, ChainState End)
{
    /// <summary>How many steps its first entry is from the start.</summary>
    public int FirstDepth => Depth - Entries + 1;
}
