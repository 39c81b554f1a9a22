namespace Opi;

/// <summary>The tokens of a response, in the convention of <see cref="Usage"/>.</summary>
internal readonly record struct UsageCounts(long Input, long Output, long CacheRead, long CacheWrite)
{
    // Not as long?, which is twice as large: all responses of a scan have one of these. A count is never below 0, and its bits turned round never 0.
    private readonly long _cacheWrite1h;
    private readonly long _reasoning;

    public long? CacheWrite1h { get => FromBits(_cacheWrite1h); init => _cacheWrite1h = ToBits(value); }

    public long? Reasoning { get => FromBits(_reasoning); init => _reasoning = ToBits(value); }

    private static long ToBits(long? count) => count is { } known ? ~known : 0;

    private static long? FromBits(long bits) => bits == 0 ? null : ~bits;

    public long Total => TokenMath.Add(TokenMath.Add(Input, Output), TokenMath.Add(CacheRead, CacheWrite));
}
