using System.Globalization;

namespace Opi;

/// <summary>The tokens of one response, in Opi's convention: what was read from the cache is not part of the input count.</summary>
/// <param name="InputTokens">Tokens of the prompt that were not read from or written to the cache.</param>
/// <param name="OutputTokens">Tokens the model produced, thinking included.</param>
/// <param name="CacheReadTokens">Tokens of the prompt that came from the cache.</param>
/// <param name="CacheWriteTokens">Tokens of the prompt that were written to the cache, for any lifetime.</param>
public sealed record Usage(long InputTokens, long OutputTokens, long CacheReadTokens = 0, long CacheWriteTokens = 0)
{
    /// <summary>Nothing was reported. It does not equal a usage of zero tokens, and its cost is unknown.</summary>
    public static readonly Usage Unknown = new(0, 0) { IsKnown = false };

    /// <summary>The part of <see cref="CacheWriteTokens"/> that lives for one hour; null when not known.</summary>
    public long? CacheWrite1hTokens { get; init; }

    /// <summary>The part of <see cref="OutputTokens"/> that was thinking; null when not known.</summary>
    public long? ReasoningTokens { get; init; }

    /// <summary>What the bill depends on besides these counts; null where the bill is the counts at the list price.</summary>
    public BillingDetails? Billing { get; init; }

    /// <summary>All tokens: the sum of the four counts, at most <see cref="long.MaxValue"/>.</summary>
    public long TotalTokens => TokenMath.Add(TokenMath.Add(InputTokens, OutputTokens), TokenMath.Add(CacheReadTokens, CacheWriteTokens));

    /// <summary>
    /// How many tokens the context had after the response: <see cref="BillingDetails.ContextTokens"/> where the counts do not say, else
    /// <see cref="TotalTokens"/>. 0 when not known.
    /// </summary>
    internal long ContextTokens => Billing?.ContextTokens ?? TotalTokens;

    /// <summary>Whether these counts were reported. Counts of which one is not zero are always known.</summary>
    public bool IsKnown { get => field || TotalTokens > 0; init; } = true;

    /// <summary>The four counts in one line, in the same way in every culture.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{InputTokens} in, {OutputTokens} out, {CacheReadTokens} cache read, {CacheWriteTokens} cache write");

    internal Usage Without(MediaTokens part) => this with
    {
        InputTokens = Math.Max(0, InputTokens - part.InputTokens),
        OutputTokens = Math.Max(0, OutputTokens - part.OutputTokens),
        CacheReadTokens = Math.Max(0, CacheReadTokens - part.CacheReadTokens),
    };

    /// <summary>The sum of two usages.</summary>
    public static Usage operator +(Usage left, Usage right) =>
        new(
            TokenMath.Add(left.InputTokens, right.InputTokens),
            TokenMath.Add(left.OutputTokens, right.OutputTokens),
            TokenMath.Add(left.CacheReadTokens, right.CacheReadTokens),
            TokenMath.Add(left.CacheWriteTokens, right.CacheWriteTokens))
        {
            CacheWrite1hTokens = TokenMath.Add(left.CacheWrite1hTokens, right.CacheWrite1hTokens),
            ReasoningTokens = TokenMath.Add(left.ReasoningTokens, right.ReasoningTokens),
            IsKnown = left.IsKnown || right.IsKnown,
            Billing = BillingDetails.Add(left.Billing, right.Billing),
        };

    /// <summary>The sum of two usages.</summary>
    public static Usage Add(Usage left, Usage right) => left + right;
}
