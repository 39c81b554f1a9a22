using System.Globalization;

namespace Opi.Tests;

/// <summary>The arithmetic of decimals is the rule that the faster one must agree with, to the last bit: also its zeros at the end show.</summary>
public sealed class TokenCostTests
{
    [Theory]
    [InlineData(0, "3.75")]
    [InlineData(0, "0.00")]
    [InlineData(1, "0")]
    [InlineData(1, "0.000001")]
    [InlineData(1_000_000, "3.50")]
    [InlineData(1_000_000, "3.5")]
    [InlineData(500_000, "3.50")]
    [InlineData(200_000, "10")]
    [InlineData(999_999, "18.75")]
    [InlineData(3_000, "1000")]
    [InlineData(-7, "3")]
    [InlineData(7, "-3")]
    [InlineData(9_007_199_254_740_992, "75")]
    [InlineData(9_007_199_254_740_992, "9999.999999")]
    [InlineData(9_007_199_254_740_992, "0.0000000000000000000000000001")]
    [InlineData(long.MaxValue, "0.075")]
    [InlineData(123_457, "1.2345678901234567890123456789")]
    [InlineData(123_457, "0.1234567890123456789012")]
    public void A_cost_has_the_digits_of_the_division(long tokens, string price) => AssertSame(tokens, decimal.Parse(price, CultureInfo.InvariantCulture));

    [Fact]
    public void Any_cost_has_the_digits_of_the_division()
    {
        var random = new Random(7);
        for (int i = 0; i < 200_000; i++)
        {
            long zeros = (long)Math.Pow(10, random.Next(7));
            long tokens = random.NextInt64(1L << random.Next(1, 54)) / zeros * zeros;
            decimal price = new(random.Next(1 << random.Next(1, 31)), random.Next(4) == 0 ? random.Next(1 << 10) : 0, 0, false, (byte)random.Next(14));
            AssertSame(tokens, price);
        }
    }

    private static void AssertSame(long tokens, decimal price)
    {
        decimal expected = tokens * price / 1_000_000m, actual = TokenCost.Of(tokens, price);
        Assert.True(decimal.GetBits(expected).SequenceEqual(decimal.GetBits(actual)), $"{tokens} at {price}: {actual} in place of {expected}");
    }
}
