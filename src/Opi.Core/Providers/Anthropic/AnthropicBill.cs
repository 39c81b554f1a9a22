using System.Collections.Immutable;

namespace Opi;

/// <summary>What a response of Anthropic's shape is billed for.</summary>
/// <param name="Counts">All billed tokens.</param>
/// <param name="Passes">The passes that are billed separately; the others are billed at the response's own model.</param>
/// <param name="ContextTokens">The size of the context after the last pass of the conversation; null without one.</param>
/// <param name="Unknown">Why the bill is not known in full; empty when it is.</param>
internal readonly record struct AnthropicBill(
    Usage Counts, ImmutableArray<UsagePass> Passes, long? ContextTokens, ImmutableArray<string> Unknown);
