namespace Opi;

/// <summary>What was given of a response whose log is followed.</summary>
/// <param name="Log">The source that it is from.</param>
/// <param name="Counts">The tokens.</param>
/// <param name="WebSearches">The searches.</param>
/// <param name="Stated">The cost that its provider or its log states.</param>
/// <param name="Known">The part of its cost that is known.</param>
internal readonly record struct GivenUsage(UsageLog Log, UsageCounts Counts, int WebSearches, decimal? Stated, decimal Known);
