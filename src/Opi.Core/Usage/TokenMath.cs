namespace Opi;

/// <summary>Sums of token counts, which stop at the largest number instead of wrapping.</summary>
internal static class TokenMath
{
    public static long Add(long left, long right) => right > long.MaxValue - left ? long.MaxValue : left + right;

    public static long? Add(long? left, long? right) =>
        left is null && right is null ? null : Add(left.GetValueOrDefault(), right.GetValueOrDefault());
}
