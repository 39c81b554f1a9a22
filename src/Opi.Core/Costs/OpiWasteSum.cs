namespace Opi;

/// <summary>The waste that has the same kind, day, session and so on.</summary>
/// <param name="Times">How often.</param>
/// <param name="Tokens">How many tokens.</param>
/// <param name="Cost">What it cost, in USD; null when a part of it is not known.</param>
/// <param name="KnownCost">The part of the cost that is known, in USD.</param>
public sealed record OpiWasteSum(long Times, long Tokens, decimal? Cost, decimal KnownCost);
