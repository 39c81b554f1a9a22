namespace Opi;

/// <summary>A stretch of the tree, by its entries.</summary>
/// <param name="Tip">Its last entry.</param>
/// <param name="Depth">How many steps the tip is from the start.</param>
/// <param name="EntryCount">How many entries it has.</param>
/// <param name="ForkPoint">The entry it forks from; null for a start.</param>
internal sealed record TreeBranch(IndexedEntry Tip, int Depth, int EntryCount, IndexedEntry? ForkPoint);
