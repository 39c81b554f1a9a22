using System.Globalization;

namespace Opi.Tests;

public class CostGroupsTests
{
    private const string Sonnet = "claude-3-7-sonnet"; // one price, however large the request
    private static readonly TimeZoneInfo Berlin = Zones.Find("Europe/Berlin");

    [Fact]
    public void A_block_tells_its_end_what_an_hour_costs_and_what_it_will_have_cost()
    {
        // Two responses of 3 USD each, a million tokens of input, half an hour apart.
        CostGroups groups = Groups(
            TimeZoneInfo.Utc,
            [CostGrouping.Block],
            Row("2026-11-24T09:30:00Z") with { InputTokens = 1_000_000, TotalTokens = 1_000_000, Provider = "anthropic", Model = "claude-sonnet-4-5" },
            Row("2026-11-24T10:00:00Z") with { InputTokens = 1_000_000, TotalTokens = 1_000_000, Provider = "anthropic", Model = "claude-sonnet-4-5" });

        CostGroup block = Assert.Single(groups.ToRows());

        Assert.Equal(Time("2026-11-24T14:00:00Z"), block.Ends);
        Assert.Equal((block.KnownCost, block.KnownCost * 2), (block.Cost.TotalCost, block.BurnRate));
        Assert.Equal(block.KnownCost + (block.BurnRate * 3), block.Projected(Time("2026-11-24T11:00:00Z")));
        Assert.Null(block.Projected(Time("2026-11-24T14:00:00Z"))); // it is over
        Assert.Null(block.Projected(Time("2026-11-24T09:00:00Z")));

        // One response alone tells no rate, nor does a cost that is not known whole; other groups are not blocks.
        CostGroup one = Assert.Single(Groups(TimeZoneInfo.Utc, [CostGrouping.Block], Row("2026-11-24T09:30:00Z")).ToRows());
        Assert.Equal((null, null), (one.BurnRate, one.Projected(Time("2026-11-24T10:00:00Z"))));
        CostGroup unknown = Assert.Single(Groups(
            TimeZoneInfo.Utc,
            [CostGrouping.Block],
            Row("2026-11-24T09:30:00Z") with { Model = "no-such-model-1" },
            Row("2026-11-24T09:40:00Z") with { Model = "no-such-model-1" }).ToRows());
        Assert.Null(unknown.BurnRate);
        Assert.Null(Assert.Single(Groups(TimeZoneInfo.Utc, [CostGrouping.Source], Row("2026-11-24T09:30:00Z")).ToRows()).Ends);
    }

    [Fact]
    public void A_day_is_a_day_of_the_time_zone()
    {
        Assert.Equal([Day(2026, 11, 23), Day(2026, 11, 24)], Keys(Groups(TimeZoneInfo.Utc, [CostGrouping.Day], Row("2026-11-24T00:00:00Z"), Row("2026-11-23T23:59:59Z"))));
        Assert.Equal([Day(2026, 11, 24)], Keys(Groups(Berlin, [CostGrouping.Day], Row("2026-11-24T00:00:00Z"), Row("2026-11-23T23:59:59Z"))));
    }

    [Theory] // the clocks go forward at 01:00Z on 29 March, back at 01:00Z on 25 October
    [InlineData("2026-03-28T22:59:59Z", 28)]
    [InlineData("2026-03-28T23:00:00Z", 29)]
    [InlineData("2026-03-29T21:59:59Z", 29)]
    [InlineData("2026-03-29T22:00:00Z", 30)]
    [InlineData("2026-10-24T21:59:59Z", 24)]
    [InlineData("2026-10-24T22:00:00Z", 25)]
    [InlineData("2026-10-25T22:59:59Z", 25)]
    [InlineData("2026-10-25T23:00:00Z", 26)]
    public void A_day_on_which_the_clocks_change_has_23_or_25_hours(string time, int day) =>
        Assert.Equal(day, ((DateOnly)Keys(Groups(Berlin, [CostGrouping.Day], Row(time)))[0]!).Day);

    [Fact]
    public void The_hour_that_comes_twice_is_two_hours()
    {
        CostGroups groups = Groups(Berlin, [CostGrouping.Hour], Row("2026-10-25T01:30:00Z"), Row("2026-10-25T00:30:00Z"), Row("2026-10-25T00:59:59Z"));
        Assert.Equal(["2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00"], Keys(groups).Select(key => ((DateTimeOffset)key!).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void An_hour_begins_with_the_hour_of_the_zones_clocks()
    {
        CostGroups groups = Groups(Zones.Find("Asia/Kolkata"), [CostGrouping.Hour], Row("2026-11-24T00:29:00Z"), Row("2026-11-24T00:31:00Z"));
        Assert.Equal([5, 6], Keys(groups).Select(key => ((DateTimeOffset)key!).Hour));
    }

    [Theory]
    [InlineData("2026-11-23T00:00:00Z", "2026-11-23", "2026-11-01")] // a Monday
    [InlineData("2026-11-29T23:59:59Z", "2026-11-23", "2026-11-01")]
    [InlineData("2027-01-03T12:00:00Z", "2026-12-28", "2027-01-01")] // the 53rd week of 2026
    [InlineData("2028-02-29T12:00:00Z", "2028-02-28", "2028-02-01")]
    public void A_week_begins_on_Monday_and_a_month_on_its_first(string time, string monday, string first)
    {
        Assert.Equal(DateOnly.Parse(monday, CultureInfo.InvariantCulture), Keys(Groups(TimeZoneInfo.Utc, [CostGrouping.Week], Row(time)))[0]);
        Assert.Equal(DateOnly.Parse(first, CultureInfo.InvariantCulture), Keys(Groups(TimeZoneInfo.Utc, [CostGrouping.Month], Row(time)))[0]);
    }

    [Fact]
    public void A_block_has_five_hours_from_the_hour_of_its_first_response()
    {
        CostGroups groups = Groups(
            TimeZoneInfo.Utc,
            [CostGrouping.Block],
            Row("2026-11-24T20:00:00Z"),
            Row("2026-11-24T14:00:01Z"), // after the first block's end: it begins the second one
            Row("2026-11-24T09:30:00Z"),
            Row("2026-11-24T13:59:59Z"),
            Row("2026-11-24T14:00:00Z")); // the last moment of the first
        Assert.Equal([9, 14, 20], Keys(groups).Select(key => ((DateTimeOffset)key!).Hour));
        Assert.Equal([3L, 1L, 1L], groups.ToRows().Select(row => row.Cost.Responses));
    }

    [Fact]
    public void A_block_at_the_end_of_time_ends_with_it()
    {
        CostGroup last = Assert.Single(Groups(TimeZoneInfo.Utc, [CostGrouping.Block], Row("9999-12-31T23:59:59Z")).ToRows());

        Assert.Equal(Time("9999-12-31T23:00:00Z"), last.Keys[0]);
        Assert.Equal(DateTimeOffset.MaxValue, last.Ends);
    }

    [Fact]
    public void The_project_of_a_group_does_not_depend_on_the_order_of_its_responses()
    {
        OpiUsage[] rows =
        [
            Row("2026-11-24T09:30:00Z") with { Timestamp = null, Project = "/timeless" },
            Row("2026-11-24T10:30:00Z") with { Project = "/later" },
            Row("2026-11-24T09:30:00Z") with { Project = "/first" },
        ];

        Assert.Equal("/first", Groups(TimeZoneInfo.Utc, [CostGrouping.Session], rows).ToRows()[0].Project);
        Assert.Equal("/first", Groups(TimeZoneInfo.Utc, [CostGrouping.Session], [.. rows.Reverse()]).ToRows()[0].Project);
    }

    [Fact]
    public void The_current_block_is_the_running_one_else_a_new_one()
    {
        CostGroups groups = Groups(TimeZoneInfo.Utc, [CostGrouping.Block], Row("2026-11-24T09:30:00Z"));
        CostGroup running = groups.ToPeriod(Time("2026-11-24T13:00:00Z"));
        Assert.Equal((9, 1L), (((DateTimeOffset)running.Keys[0]!).Hour, running.Cost.Responses));
        CostGroup next = groups.ToPeriod(Time("2026-11-24T15:20:00Z"));
        Assert.Equal((15, 0L, 0m), (((DateTimeOffset)next.Keys[0]!).Hour, next.Cost.Responses, next.Cost.TotalCost));
    }

    [Fact]
    public void Two_groupings_give_a_row_for_each_pair_sorted_by_the_first()
    {
        CostGroups groups = Groups(
            TimeZoneInfo.Utc,
            [CostGrouping.Day, CostGrouping.Model],
            Row("2026-11-24T00:00:00Z", "gpt-4o", "openai"),
            Row("2026-11-24T10:00:00Z"),
            Row("2026-11-23T10:00:00Z"),
            Row("2026-11-24T11:00:00Z"));
        Assert.Equal(
            [(Day(2026, 11, 23), "anthropic:" + Sonnet, 1L), (Day(2026, 11, 24), "anthropic:" + Sonnet, 2L), (Day(2026, 11, 24), "openai:gpt-4o", 1L)],
            groups.ToRows().Select(row => (row.Keys[0], (string)row.Keys[1]!, row.Cost.Responses)));
    }

    [Fact]
    public void Three_groupings_work_and_what_is_not_known_comes_first_as_null()
    {
        CostGroups groups = Groups(
            TimeZoneInfo.Utc,
            [CostGrouping.Source, CostGrouping.Project, CostGrouping.Session],
            Row("2026-11-24T00:00:00Z") with { Source = UsageSource.Codex, Project = "/b", SessionId = "2" },
            Row("2026-11-24T00:00:00Z") with { Source = UsageSource.Codex, Project = "/b", SessionId = "1" },
            Row("2026-11-24T00:00:00Z") with { Source = UsageSource.Codex, Project = null, SessionId = "3" },
            Row("2026-11-24T00:00:00Z") with { Source = UsageSource.ClaudeCode, Project = "/c", SessionId = null });
        Assert.Equal(
            [(UsageSource.ClaudeCode, "/c", null), (UsageSource.Codex, null, "3"), (UsageSource.Codex, "/b", "1"), (UsageSource.Codex, "/b", "2")],
            groups.ToRows().Select(row => ((UsageSource)row.Keys[0]!, (string?)row.Keys[1], (string?)row.Keys[2])));
    }

    [Fact]
    public void A_response_without_a_time_has_no_day_and_comes_first()
    {
        OpiUsage timeless = Row("2026-11-24T00:00:00Z") with { Timestamp = null };
        Assert.Equal([null, Day(2026, 11, 24)], Keys(Groups(TimeZoneInfo.Utc, [CostGrouping.Day], Row("2026-11-24T00:00:00Z"), timeless)));
        Assert.Equal([null, Time("2026-11-24T00:00:00Z")], Keys(Groups(TimeZoneInfo.Utc, [CostGrouping.Block], Row("2026-11-24T00:00:00Z"), timeless)));
    }

    [Fact]
    public void Each_response_is_a_row_in_the_order_of_time()
    {
        CostGroups groups = Groups(
            TimeZoneInfo.Utc,
            [CostGrouping.Response],
            Row("2026-11-24T02:00:00Z") with { ResponseId = "late" },
            Row("2026-11-24T01:00:00Z") with { ResponseId = null },
            Row("2026-11-24T01:00:00Z") with { ResponseId = null });
        OpiResponseCost[] rows = [.. groups.ToRows().Select(row => (OpiResponseCost)row.Cost)];
        Assert.Equal([null, null, "late"], rows.Select(row => row.ResponseId));
        Assert.Equal(Time("2026-11-24T02:00:00Z"), rows[2].Timestamp);
    }

    [Fact]
    public void A_turn_is_one_of_its_session()
    {
        CostGroups groups = Groups(
            TimeZoneInfo.Utc,
            [CostGrouping.Turn],
            Row("2026-11-24T02:00:00Z") with { SessionId = "b", Turn = 1 },
            Row("2026-11-24T02:00:00Z") with { SessionId = "a", Turn = 2 },
            Row("2026-11-24T01:00:00Z") with { SessionId = "a", Turn = 2 },
            Row("2026-11-24T01:00:00Z") with { SessionId = "a", Turn = 10 });
        OpiTurnCost[] rows = [.. groups.ToRows().Select(row => (OpiTurnCost)row.Cost)];
        Assert.Equal([("a", 2, 1, 2L), ("a", 10, 1, 1L), ("b", 1, 1, 1L)], rows.Select(row => (row.SessionId!, row.Turn, row.Turns, row.Responses)));
        Assert.Equal(Time("2026-11-24T01:00:00Z"), rows[0].Timestamp);
    }

    [Fact]
    public void Turns_are_counted_once_and_sessions_named_where_there_is_one()
    {
        OpiUsage unknown = Row("2026-11-24T02:00:00Z") with { SessionId = "a", Turn = 1, InputTokens = 0, TotalTokens = 0, IsKnown = false };
        CostGroups groups = Groups(TimeZoneInfo.Utc, [CostGrouping.Day], unknown, unknown, Row("2026-11-24T02:00:00Z") with { SessionId = "a", Turn = 2 });
        OpiCost one = groups.ToRows()[0].Cost;
        Assert.Equal(("a", 2, 1, 3L, null), (one.SessionId, one.Turns, one.UnknownUsageTurns, one.Responses, one.TotalCost));
        Assert.Equal((3m, 2L), (one.KnownCost, one.UnpricedResponses));

        groups.Add(Row("2026-11-24T03:00:00Z") with { SessionId = "b" });
        Assert.Null(groups.ToRows()[0].Cost.SessionId);
    }

    [Fact]
    public void A_response_without_price_makes_the_costs_of_its_group_unknown()
    {
        CostGroups groups = Groups(TimeZoneInfo.Utc, [CostGrouping.Day], Row("2026-11-23T02:00:00Z"), Row("2026-11-24T02:00:00Z"), Row("2026-11-24T02:00:00Z", "giant-1", "acme"));
        Assert.Equal([3m, null], groups.ToRows().Select(row => row.Cost.TotalCost));
        Assert.Equal([true, false], groups.ToRows().Select(row => row.Cost.Priced));
        Assert.Equal([("acme:giant-1", 1)], groups.UnpricedModels.Select(model => (model.Key, model.Value)));
        Assert.Null(groups.ToTotal().Cost.TotalCost);
        Assert.Equal(3_000_000, groups.ToTotal().Cost.InputTokens);
    }

    [Fact]
    public void A_cost_that_only_the_log_has_counts_whole_and_has_no_parts()
    {
        OpiUsage logged = Row("2026-11-24T02:00:00Z", "giant-1", "acme") with { Cost = 0.25m, Priced = true };
        CostGroups groups = Groups(TimeZoneInfo.Utc, [CostGrouping.Day], Row("2026-11-23T02:00:00Z"), Row("2026-11-24T02:00:00Z"), logged);
        OpiCost[] rows = [.. groups.ToRows().Select(row => row.Cost)];
        Assert.Equal([3m, 3.25m], rows.Select(row => row.TotalCost));
        Assert.Equal([3m, null], rows.Select(row => row.InputCost));
        Assert.All(rows, row => Assert.True(row.Priced));
        Assert.Empty(groups.UnpricedModels);
    }

    [Fact]
    public void The_total_is_the_sum_of_the_rows()
    {
        CostGroups groups = Groups(TimeZoneInfo.Utc, [CostGrouping.Day, CostGrouping.Model], [.. Enumerable.Range(0, 500).Select(i =>
            Row("2026-11-24T02:00:00Z", i % 3 == 0 ? "gpt-4o" : Sonnet, i % 3 == 0 ? "openai" : "anthropic") with { Timestamp = Time("2026-01-01T00:00:00Z").AddHours(i * 7), OutputTokens = i })]);
        CostGroup total = groups.ToTotal();
        Assert.Equal([null, null], total.Keys);
        Assert.Equal(groups.ToRows().Sum(row => row.Cost.TotalCost), total.Cost.TotalCost);
        Assert.Equal((500L, groups.ToRows().Sum(row => row.Cost.OutputTokens)), (total.Cost.Responses, total.Cost.OutputTokens));
        Assert.Equal($"anthropic:{Sonnet}, openai:gpt-4o", total.Cost.Model);
    }

    [Fact]
    public void A_budget_is_over_when_more_was_spent_and_unknown_when_that_is_not_known()
    {
        CostGroup known = Groups(TimeZoneInfo.Utc, [CostGrouping.Day], Row("2026-11-24T02:00:00Z")).ToRows()[0];
        Assert.Equal((0m, false), (known.Remaining(3m), known.IsOver(3m)));
        Assert.Equal((-0.5m, true), (known.Remaining(2.5m), known.IsOver(2.5m)));

        CostGroup unpriced = Groups(TimeZoneInfo.Utc, [CostGrouping.Day], Row("2026-11-24T02:00:00Z"), Row("2026-11-24T02:00:00Z", "giant-1", "acme")).ToRows()[0];
        Assert.Equal((null, null), (unpriced.Remaining(3m), unpriced.IsOver(3m)));
        Assert.True(unpriced.IsOver(2.5m)); // the known part is more already
    }

    public static TheoryData<CostGrouping[], UsageSource?, bool[]> Unread => new()
    {
        // rows: Codex and Opi, each with one session; what a file that was not read may be a part of
        { [CostGrouping.Source], UsageSource.Codex, [false, true] },
        { [CostGrouping.Source], UsageSource.Opi, [true, false] },
        { [CostGrouping.Source], UsageSource.Ledger, [true, true] },
        { [CostGrouping.Source], null, [true, true] },
        { [CostGrouping.Session], UsageSource.Codex, [true, false] }, // a session of Codex may stand in several files
        { [CostGrouping.Session], UsageSource.Opi, [false, false] }, // one of Opi stands in its own
        { [CostGrouping.Session], UsageSource.Pi, [false, false] },
        { [CostGrouping.Turn], UsageSource.Opi, [false, false] },
        { [CostGrouping.Day], UsageSource.Opi, [true] },
        { [CostGrouping.Model], UsageSource.Codex, [true] },
        { [CostGrouping.Project], null, [true] },
        { [CostGrouping.Response], UsageSource.Codex, [false, false] },
    };

    [Theory]
    [MemberData(nameof(Unread))]
    public void What_was_not_read_makes_the_rows_incomplete_that_it_may_be_a_part_of(CostGrouping[] by, UsageSource? source, bool[] expected)
    {
        CostGroups groups = Groups(
            TimeZoneInfo.Utc,
            by,
            Row("2026-11-24T01:00:00Z") with { Source = UsageSource.Codex, SessionId = "c" },
            Row("2026-11-24T02:00:00Z") with { Source = UsageSource.Opi, SessionId = "o", Turn = 1 });
        groups.AddUnread(new UsageFinding("/x", source, "it may not be read") { Error = new UnauthorizedAccessException() });

        CostGroup[] rows = [.. groups.ToRows()];
        Assert.Equal(expected, rows.Select(row => row.Cost.UnreadFiles == 1));
        Assert.All(rows, row => Assert.Equal(row.Cost.UnreadFiles == 0, row.Cost.TotalCost is not null));
        Assert.Equal((null, 6m, 1), (groups.ToTotal().Cost.TotalCost, groups.ToTotal().KnownCost, groups.ToTotal().Cost.UnreadFiles));
        Assert.Null(groups.ToTotal().IsOver(7m));
        Assert.True(groups.ToTotal().IsOver(5m)); // the known part is more already
    }

    [Fact]
    public void A_file_that_is_plainly_no_log_or_of_which_lines_are_missing_is_reported_and_leaves_the_sums()
    {
        CostGroups groups = Groups(TimeZoneInfo.Utc, [CostGrouping.Day], Row("2026-11-24T01:00:00Z"));
        groups.AddUnread(new UsageFinding("/notes.jsonl", null, "it is not a log that Opi reads"));
        groups.AddUnread(new UsageFinding("/a.jsonl", UsageSource.Codex, "a line that is not JSON (2)", 2));
        Assert.Equal(3m, groups.ToTotal().Cost.TotalCost);
        groups.AddUnread(new UsageFinding("/opencode.db", UsageSource.OpenCode, "it is a SQLite database, which Opi does not read") { IsLog = true });
        Assert.Null(groups.ToTotal().Cost.TotalCost);
    }

    [Fact]
    public void A_group_tells_its_first_and_last_time_and_the_earliest_project_whatever_the_order()
    {
        OpiUsage[] rows =
        [
            Row("2026-11-24T03:00:00Z") with { Project = "/late" },
            Row("2026-11-24T01:00:00Z") with { Project = null },
            Row("2026-11-24T02:00:00Z") with { Project = "/early" },
        ];
        foreach (OpiUsage[] order in new[] { rows, [.. rows.Reverse()], [rows[1], rows[2], rows[0]] })
        {
            CostGroup group = Assert.Single(Groups(TimeZoneInfo.Utc, [CostGrouping.Session], order).ToRows());
            Assert.Equal(("/early", Time("2026-11-24T01:00:00Z"), Time("2026-11-24T03:00:00Z")), (group.Project, group.First, group.Last));
        }
    }

    [Fact]
    public void A_sum_that_a_decimal_cannot_hold_stays_where_it_was_and_is_incomplete()
    {
        OpiUsage large = Row("2026-11-24T01:00:00Z", "giant-1", "acme") with { Cost = decimal.MaxValue, Priced = true };
        CostGroup group = Groups(TimeZoneInfo.Utc, [CostGrouping.Day], large, large, large).ToRows()[0];
        Assert.Equal((null, decimal.MaxValue, 2L, 2), (group.Cost.TotalCost, group.KnownCost, group.Cost.UnpricedResponses, group.Unknown.TooLarge));
        Assert.True(group.IsOver(1m));
    }

    [Fact]
    public void Why_a_cost_is_not_known_is_reported_by_reason()
    {
        var details = new BillingDetails { Unknown = ["audio_tokens=5"] };
        CostGroup group = Groups(
            TimeZoneInfo.Utc,
            [CostGrouping.Day],
            Row("2026-11-24T01:00:00Z"),
            Row("2026-11-24T01:00:00Z", "giant-1", "acme"),
            Row("2026-11-24T01:00:00Z") with { Model = null },
            Row("2026-11-24T01:00:00Z") with { Billing = details },
            Row("2026-11-24T01:00:00Z") with { Billing = details with { Unknown = ["audio_tokens=6"] } },
            Row("2026-11-24T01:00:00Z") with { IsKnown = false }).ToRows()[0];
        Assert.Equal([("", 1), ("acme:giant-1", 1)], group.Unknown.Models.Select(model => (model.Key, model.Value)));
        Assert.Equal([("anthropic: audio_tokens", 2)], group.Unknown.Details.Select(detail => (detail.Key, detail.Value)));
        Assert.Equal((1, 5L), (group.Unknown.Unreported, group.Cost.UnpricedResponses));
    }

    [Fact]
    public void A_period_without_responses_costs_nothing()
    {
        CostGroup day = Groups(Berlin, [CostGrouping.Day]).ToPeriod(Time("2026-11-23T23:30:00Z"));
        Assert.Equal((Day(2026, 11, 24), 0m, true), (day.Keys[0], day.Cost.TotalCost, day.IsComplete));
        Assert.Throws<InvalidOperationException>(() => Groups(Berlin, [CostGrouping.Model]).ToPeriod(Time("2026-11-23T23:30:00Z")));
    }

    [Fact]
    public void A_turn_or_session_without_a_response_is_a_row_where_rows_are_of_turns_or_sessions()
    {
        IdleTurn[] idle = [new("empty", 0, Time("2026-11-24T01:00:00Z"), "/p"), new("s", 7, Time("2026-11-24T01:00:00Z"), "/p")];
        Assert.Equal([("empty", 0, 0L, 0m), ("s", 1, 1L, 3m)], Rows(CostGrouping.Session).Select(row => (row.SessionId!, row.Turns, row.Responses, row.TotalCost!.Value)));
        Assert.Equal([("s", 0L), ("s", 1L)], Rows(CostGrouping.Turn).Select(row => (row.SessionId!, row.Turns)).Select(row => (row.Item1, (long)row.Item2)));
        Assert.Equal(["empty", "s", "s"], Rows(CostGrouping.Session, CostGrouping.Day).Select(row => row.SessionId));
        Assert.Equal(["empty", "s"], Rows(CostGrouping.Session, CostGrouping.Model).Select(row => row.SessionId));
        Assert.All([CostGrouping.Model, CostGrouping.Response, CostGrouping.Day, CostGrouping.Block, CostGrouping.Project, CostGrouping.Source], by => Assert.Equal("s", Assert.Single(Rows(by)).SessionId));

        OpiCost[] Rows(params CostGrouping[] by)
        {
            CostGroups groups = Groups(TimeZoneInfo.Utc, by, Row("2026-11-23T02:00:00Z"));
            Array.ForEach(idle, groups.Add);
            Assert.Equal(1, groups.ToTotal().Cost.Responses);
            return [.. groups.ToRows().Select(row => row.Cost)];
        }
    }

    private static OpiUsage Row(string time, string model = Sonnet, string provider = "anthropic") =>
        new() { Timestamp = Time(time), Source = UsageSource.ClaudeCode, SessionId = "s", Model = model, Provider = provider, InputTokens = 1_000_000, TotalTokens = 1_000_000 };

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static DateOnly Day(int year, int month, int day) => new DateOnly(year, month, day);

    private static CostGroups Groups(TimeZoneInfo zone, CostGrouping[] by, params OpiUsage[] rows)
    {
        var groups = new CostGroups(by, zone, PricingCatalog.Default);
        foreach (OpiUsage row in rows)
        {
            groups.Add(row);
        }

        return groups;
    }

    private static object?[] Keys(CostGroups groups) => [.. groups.ToRows().Select(row => row.Keys[0])];
}
