namespace Opi.Tests;

public sealed class ClockTimeTests
{
    public static TheoryData<string> Ids =>
    [
        "UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Beirut", "Pacific/Apia",
        "Africa/Cairo",
    ];

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29T02:00:00", "2026-03-29T01:00:00Z")] // put forward at 2
    [InlineData("Europe/Berlin", "2026-03-29T02:59:59", "2026-03-29T01:00:00Z")]
    [InlineData("Europe/Berlin", "2026-03-29T03:00:00", "2026-03-29T01:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T00:30:00Z")] // put back at 3: the first half past two
    [InlineData("Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00Z")]
    [InlineData("America/Sao_Paulo", "2018-11-04T00:00:00", "2018-11-04T03:00:00Z")] // a day without midnight
    [InlineData("Australia/Lord_Howe", "2026-10-04T02:10:00", "2026-10-03T15:30:00Z")] // half an hour
    public void A_time_that_is_skipped_or_shown_twice_is_one_moment(string zone, string clock, string moment) =>
        Assert.Equal(
            DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture),
            ClockTime.MomentOf(DateTime.Parse(clock, System.Globalization.CultureInfo.InvariantCulture), Zones.Find(zone)));

    [Theory]
    [MemberData(nameof(Ids))]
    public void It_is_the_first_moment_at_which_the_clocks_show_it_or_a_later_time(string id)
    {
        TimeZoneInfo zone = Zones.Find(id);
        var random = new Random(7);
        for (int i = 0; i < 60; i++)
        {
            // A day on which the offset changes, where there is one in the year, else any.
            DateTime day = new DateTime(2010 + random.Next(15), 1, 1).AddDays(random.Next(365));
            day = Enumerable.Range(0, 365)
                .Select(n => day.AddDays(n))
                .FirstOrDefault(d => zone.GetUtcOffset(d.AddHours(-12)) != zone.GetUtcOffset(d.AddHours(36)), day);
            DateTime shown = day.AddMinutes(random.Next(36 * 60));

            DateTimeOffset expected = new(DateTime.SpecifyKind(shown, DateTimeKind.Utc).AddHours(-30));
            while (TimeZoneInfo.ConvertTime(expected, zone).DateTime < shown)
            {
                expected = expected.AddMinutes(1);
            }

            Assert.Equal((id, shown, expected), (id, shown, ClockTime.MomentOf(shown, zone)));
        }
    }

    [Fact]
    public void The_ends_of_time_are_moments_too()
    {
        TimeZoneInfo east = TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(14), "", "");
        TimeZoneInfo west = TimeZoneInfo.CreateCustomTimeZone("west", TimeSpan.FromHours(-12), "", "");

        Assert.Equal(DateTimeOffset.MinValue, ClockTime.MomentOf(DateTime.MinValue, east));
        Assert.Equal(DateTimeOffset.MaxValue, ClockTime.MomentOf(DateTime.MaxValue, west));
        Assert.Equal(DateTimeOffset.MinValue, ClockTime.MomentOf(DateTime.MinValue, TimeZoneInfo.Utc));
    }
}
