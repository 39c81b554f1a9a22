namespace Opi;

/// <summary>What a search found wrong.</summary>
/// <param name="Findings">The files that could not be read, and those with lines that could not.</param>
/// <param name="Unsearched">The sources that were asked for and cannot be searched yet.</param>
/// <param name="FileCount">How many files there were.</param>
internal sealed record SearchResult(IReadOnlyList<UsageFinding> Findings, IReadOnlyList<UsageSource> Unsearched, int FileCount);
