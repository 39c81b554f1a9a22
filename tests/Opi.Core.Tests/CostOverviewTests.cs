using System.Globalization;

namespace Opi.Tests;

public sealed class CostOverviewTests
{
    private static readonly DateTimeOffset Now = Time("2026-11-26T12:00:00Z"); // a Thursday

    [Fact]
    public void A_response_counts_in_each_period_that_it_is_in()
    {
        CostOverview overview = Overview(
            TimeZoneInfo.Utc,
            Row("2026-11-26T00:00:00Z", UsageSource.ClaudeCode, 1),
            Row("2026-11-25T23:59:59Z", UsageSource.ClaudeCode, 10),
            Row("2026-11-23T00:00:00Z", UsageSource.ClaudeCode, 100), // Monday
            Row("2026-11-22T23:59:59Z", UsageSource.ClaudeCode, 1000),
            Row("2026-11-01T00:00:00Z", UsageSource.ClaudeCode, 10_000),
            Row("2026-10-31T23:59:59Z", UsageSource.ClaudeCode, 100_000));

        Assert.Equal([CostGrouping.Day, CostGrouping.Week, CostGrouping.Month], overview.Parts.Select(part => part.Period));
        Assert.Equal([new(2026, 11, 26), new(2026, 11, 23), new DateOnly(2026, 11, 1)], overview.Parts.Select(part => part.Since));
        Assert.Equal([1, 111, 11_111], overview.Parts.Select(part => Assert.Single(part.Groups.ToRows()).Cost.InputTokens));
        Assert.Equal(Time("2026-11-01T00:00:00Z"), overview.Since);
    }

    [Fact]
    public void The_periods_are_those_of_the_time_zone_and_a_later_one_is_none_of_them()
    {
        CostOverview overview = Overview(
            Zones.Find("Europe/Berlin"),
            Row("2026-11-25T23:00:00Z", UsageSource.ClaudeCode, 1),
            Row("2026-11-26T23:00:00Z", UsageSource.ClaudeCode, 10), // tomorrow: a clock that is ahead
            Row("2026-10-31T23:00:00Z", UsageSource.ClaudeCode, 100));

        Assert.Equal([1, 11, 111], overview.Parts.Select(part => part.Groups.ToTotal().Cost.InputTokens));
    }

    [Fact]
    public void A_week_that_began_before_its_month_is_whole()
    {
        var overview = new CostOverview([CostGrouping.Source], TimeZoneInfo.Utc, PricingCatalog.Default, CostChoice.Auto, Time("2026-10-02T12:00:00Z"));
        overview.Add(new UsagePricer(PricingCatalog.Default).Price(Row("2026-09-28T08:00:00Z", UsageSource.Codex, 7)));

        Assert.Equal(Time("2026-09-28T00:00:00Z"), overview.Since);
        Assert.Equal([0, 7, 0], overview.Parts.Select(part => Assert.Single(part.Groups.ToRows()).Cost.InputTokens));
    }

    [Fact]
    public void What_was_used_in_one_period_has_a_row_in_each_and_one_without_usage_is_known_to_cost_nothing()
    {
        CostOverview overview = Overview(
            TimeZoneInfo.Utc, Row("2026-11-26T08:00:00Z", UsageSource.ClaudeCode, 1), Row("2026-11-02T08:00:00Z", UsageSource.Codex, 5));

        Assert.All(overview.Parts, part => Assert.Equal([UsageSource.ClaudeCode, UsageSource.Codex], part.Groups.ToRows().Select(row => (UsageSource)row.Keys[0]!)));
        CostGroup codex = overview.Parts[0].Groups.ToRows()[1];
        Assert.Equal((0, 0m, true), (codex.Cost.Responses, codex.Cost.TotalCost, codex.IsComplete));
    }

    [Fact]
    public void A_file_that_was_not_read_makes_the_costs_of_its_source_known_in_part()
    {
        CostOverview overview = Overview(
            TimeZoneInfo.Utc, Row("2026-11-26T08:00:00Z", UsageSource.ClaudeCode, 1), Row("2026-11-02T08:00:00Z", UsageSource.Codex, 5));
        overview.AddUnread(new UsageFinding("/x.jsonl", UsageSource.Codex, "no right to read") { Error = new UnauthorizedAccessException() });

        Assert.All(overview.Parts, part => Assert.Equal([true, false], part.Groups.ToRows().Select(row => row.IsComplete)));
        Assert.All(overview.Parts, part => Assert.False(part.Groups.ToTotal().IsComplete));
    }

    private static CostOverview Overview(TimeZoneInfo zone, params OpiUsage[] rows)
    {
        var overview = new CostOverview([CostGrouping.Source], zone, PricingCatalog.Default, CostChoice.Auto, Now);
        foreach (OpiUsage row in rows)
        {
            overview.Add(new UsagePricer(PricingCatalog.Default).Price(row));
        }

        return overview;
    }

    private static OpiUsage Row(string time, UsageSource source, long input) => new()
    {
        Timestamp = Time(time),
        Source = source,
        SessionId = "s",
        Provider = "anthropic",
        Model = "claude-sonnet-4-5",
        InputTokens = input,
        TotalTokens = input,
    };

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
