namespace Opi;

/// <summary>What tokens cost at a price for a million of them.</summary>
internal static class TokenCost
{
    private const ulong Million = 1_000_000;
    private const int MillionDigits = 6;
    private const int MostDigits = 28; // behind the point of a decimal

    /// <summary>
    /// <c>tokens * price / 1,000,000</c>, to the last digit and with as many zeros at its end. A division of decimals takes ten times as long as
    /// all else that a price needs, so it is done with whole numbers where these hold the product, as they do of all prices that there are.
    /// </summary>
    public static decimal Of(long tokens, decimal price)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(price, bits);
        int scale = bits[3] >> 16; // below 0 for a price below 0
        ulong digits = ((ulong)(uint)bits[1] << 32) | (uint)bits[0];
        if (tokens <= 0 || digits == 0 || bits[2] != 0 || scale is < 0 or > MostDigits - MillionDigits
            || Math.BigMul((ulong)tokens, digits, out ulong product) != 0)
        {
            return tokens * price / Million;
        }

        (ulong whole, ulong rest) = Math.DivRem(product, Million);
        if (rest == 0)
        {
            return FromDigits(whole, scale);
        }

        for (scale += MillionDigits; product % 10 == 0; scale--)
        {
            product /= 10;
        }

        return FromDigits(product, scale);
    }

    private static decimal FromDigits(ulong digits, int scale) => new((int)digits, (int)(digits >> 32), 0, isNegative: false, (byte)scale);
}
