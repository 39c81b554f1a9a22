namespace Opi;

/// <summary>The tokens of a response, in the convention of <see cref="Usage"/>.</summary>
internal readonly record struct UsageCounts(long Input, long Output, long CacheRead, long CacheWrite)
{
    public long? CacheWrite1h { get; init; }

    public long? Reasoning { get; init; }

    public long Total => TokenMath.Add(TokenMath.Add(Input, Output), TokenMath.Add(CacheRead, CacheWrite));
}
