namespace Opi;

/// <summary>Codex' counts. The input holds what came from the cache, and the output the thinking.</summary>
internal readonly record struct CodexTokens(long Input, long Cached, long CacheWrite, long Output, long Reasoning)
{
    public long Total => TokenMath.Add(Input, Output);

    /// <summary>Whether a running total can have gone from the other to this one.</summary>
    public bool Follows(CodexTokens other) =>
        Input >= other.Input && Cached >= other.Cached && CacheWrite >= other.CacheWrite && Output >= other.Output;

    public UsageCounts ToCounts() =>
        new(Math.Max(0, Input - Cached - CacheWrite), Output, Cached, CacheWrite) { Reasoning = Reasoning };

    /// <summary>The counts in a key, which identify a running total.</summary>
    public (long Input, long Cached, long Output) Mark => (Input, Cached, Output);

    public static CodexTokens operator +(CodexTokens left, CodexTokens right) =>
        new(
            TokenMath.Add(left.Input, right.Input),
            TokenMath.Add(left.Cached, right.Cached),
            TokenMath.Add(left.CacheWrite, right.CacheWrite),
            TokenMath.Add(left.Output, right.Output),
            TokenMath.Add(left.Reasoning, right.Reasoning));

    public static CodexTokens operator -(CodexTokens left, CodexTokens right) =>
        new(
            left.Input - right.Input,
            left.Cached - right.Cached,
            left.CacheWrite - right.CacheWrite,
            left.Output - right.Output,
            Math.Max(0, left.Reasoning - right.Reasoning));
}
