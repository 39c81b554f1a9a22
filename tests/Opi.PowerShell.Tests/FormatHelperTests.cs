using System.Globalization;
using Opi.PowerShell.Internal;

namespace Opi.PowerShell.Tests;

public sealed class FormatHelperTests
{
    public FormatHelperTests() => CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("en-US");

    public static TheoryData<decimal, string> SmallAmounts => new()
    {
        { 0.00045m, "0.00045" },
        { 0.0123m, "0.0123" },
        { 0.00000015m, "0.00000015" },
        { 0.99m, "0.99" },
        { 0.004m, "0.004" },
    };

    [Theory]
    [InlineData(0, "$0.00")]
    [InlineData(1, "$1.00")]
    [InlineData(1234567, "$1,234,567.00")]
    public void Money_of_a_dollar_and_more_has_cents(int amount, string expected) => Assert.Equal(expected, FormatHelper.Money(amount));

    [Theory]
    [MemberData(nameof(SmallAmounts))]
    public void Money_below_a_dollar_has_every_digit_that_counts(decimal amount, string digits) =>
        Assert.StartsWith("$" + digits, FormatHelper.Money(amount), StringComparison.Ordinal);

    [Fact]
    public void Money_that_is_not_known_is_not_a_number() => Assert.Equal("unknown", FormatHelper.Money(null));

    [Fact]
    public void Every_amount_above_nothing_is_shown_as_more_than_nothing()
    {
        for (decimal amount = 1; amount > 0.0000000001m; amount /= 3)
        {
            Assert.Matches("[1-9]", FormatHelper.Money(amount));
        }
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KB")]
    [InlineData(5L * 1024 * 1024, "5.0 MB")]
    [InlineData(3L * 1024 * 1024 * 1024, "3.0 GB")]
    public void Sizes_are_in_the_unit_that_fits(long bytes, string expected) => Assert.Equal(expected, FormatHelper.Size(bytes));

    [Fact]
    public void A_text_of_several_lines_becomes_one() => Assert.Equal("a b c", FormatHelper.Line(" a\r\n\tb  c\n"));

    [Fact]
    public void The_current_culture_counts()
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");

        Assert.Equal("$1.234,50", FormatHelper.Money(1234.5m));
    }
}
