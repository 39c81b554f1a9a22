namespace Opi;

/// <summary>What the tokens of one model cost.</summary>
/// <param name="Cost">What is known of it; null for nothing.</param>
/// <param name="IsComplete">Whether that is all.</param>
/// <param name="Source">Whose price it is.</param>
/// <param name="Provider">The provider of the price; null without one.</param>
internal readonly record struct PricedTokens(CostBreakdown? Cost, bool IsComplete, CostSource Source, string? Provider);
