using System.Text;

namespace Opi.Tests;

public sealed class LogTimeTests
{
    /// <summary>1,793,000,100 seconds since 1970, in the units that agents write.</summary>
    [Theory]
    [InlineData("1793000100")]
    [InlineData("1793000100.0")]
    [InlineData("1793000100000")]
    [InlineData("1793000100000000")]
    [InlineData("1793000100000000000")]
    [InlineData("\"1793000100\"")]
    [InlineData("\"1793000100000\"")]
    [InlineData("\"2026-10-26T07:35:00Z\"")]
    [InlineData("\"2026-10-26T09:35:00+02:00\"")]
    public void A_time_is_read_in_the_unit_that_its_size_shows(string json)
    {
        DateTimeOffset expected = new(2026, 10, 26, 7, 35, 0, TimeSpan.Zero);

        Assert.Equal(expected, LogValueReader.Parse(Encoding.UTF8.GetBytes(json)).Time);
    }

    [Theory]
    [InlineData("\"20261026073500\"")]
    [InlineData("\"20261026073500123\"")]
    [InlineData("\"1793\"")]
    [InlineData("0")]
    [InlineData("-1793000100")]
    [InlineData("99999999999999999999999")]
    [InlineData("true")]
    public void What_is_no_time_since_1970_is_no_time(string json) =>
        Assert.Null(LogValueReader.Parse(Encoding.UTF8.GetBytes(json)).Time);
}
