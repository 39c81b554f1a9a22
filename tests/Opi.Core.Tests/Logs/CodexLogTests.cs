namespace Opi.Tests;

public sealed class CodexLogTests
{
    private const string Meta = """{"timestamp":"2026-10-01T08:00:00.000Z","type":"session_meta","payload":{"id":"t1","cwd":"/repo","model_provider":"openai"}}""";
    private const string Turn = """{"timestamp":"2026-10-01T08:00:01.000Z","type":"turn_context","payload":{"cwd":"/repo/sub","model":"gpt-5.2"}}""";

    [Fact]
    public void A_response_is_what_the_running_total_advances_by()
    {
        UsageScanResult result = Scan.OfLines(
            UsageSource.Codex,
            Meta,
            Turn,
            """{"timestamp":"2026-10-01T08:00:02.000Z","type":"event_msg","payload":{"type":"token_count","info":null}}""",
            Count("08:01:00", 100, 40, 10, 4),
            Count("08:01:01", 100, 40, 10, 4),
            """{"timestamp":"2026-10-01T08:01:02.000Z","type":"event_msg","payload":{"type":"thread_settings_applied","thread_settings":{"service_tier":"flex"}}}""",
            Count("08:02:00", 300, 140, 30, 4));

        Assert.Equal([(60, 10, 40, 4L), (100, 20, 100, 0)], result.Rows.Select(row => ((int)row.InputTokens, (int)row.OutputTokens, (int)row.CacheReadTokens, row.ReasoningTokens!.Value)));
        Assert.All(result.Rows, row => Assert.Equal(("t1", "/repo/sub", "gpt-5.2", "openai", false), (row.SessionId, row.Project, row.Model, row.Provider, row.IsSidechain)));
        Assert.Equal([ServiceTier.Standard, ServiceTier.Flex], result.Rows.Select(row => row.Tier));
        Assert.Empty(result.Findings);
    }

    [Theory]
    [InlineData("", 30)]
    [InlineData("\"last_token_usage\":{\"input_tokens\":20,\"output_tokens\":2},", 22)]
    public void A_total_that_falls_began_anew(string last, long expected)
    {
        UsageScanResult result = Scan.OfLines(UsageSource.Codex, Meta, Turn, Count("08:01:00", 100, 0, 10), Count("08:02:00", 25, 0, 5).Replace("\"total_token_usage\"", last + "\"total_token_usage\"", StringComparison.Ordinal));

        Assert.Equal([110L, expected], result.Rows.Select(row => row.TotalTokens));
    }

    [Fact]
    public void A_subagent_does_not_count_what_it_repeats_of_its_parent_though_with_new_times()
    {
        using var folder = new TempFolder();
        folder.Write(Lines(Meta, Turn, Count("08:01:00", 100, 0, 10), Count("08:02:00", 200, 0, 20), Count("08:09:00", 900, 0, 90)), "a.jsonl");
        folder.Write(Lines(SubagentMeta, Turn, Count("08:05:00", 100, 0, 10), Count("08:05:03", 200, 0, 20), Count("08:06:00", 250, 0, 25)), "b.jsonl");

        UsageScanResult both = Scan.Of(UsageSource.Codex, folder.Path);

        Assert.Equal(990 + 55, both.Rows.Sum(row => row.TotalTokens));
        OpiUsage own = Assert.Single(both.Rows, row => row.SessionId == "t2");
        Assert.Equal((55, true), (own.TotalTokens, own.IsSidechain));

        // The parent may have been pruned: a replay follows itself faster than responses do.
        UsageScanResult alone = Scan.OfLines(UsageSource.Codex, SubagentMeta, Turn, Count("08:05:00.100", 100, 0, 10), Count("08:05:00.900", 200, 0, 20), Count("08:06:00", 250, 0, 25));
        Assert.Equal(55, Assert.Single(alone.Rows).TotalTokens);
        Assert.Equal(own.Key, alone.Rows[0].Key);
    }

    [Fact]
    public void Responses_that_are_named_count_once_beside_the_totals_that_hold_them()
    {
        UsageScanResult result = Scan.OfLines(
            UsageSource.Codex,
            Meta,
            Turn,
            Count("08:01:00", 100, 0, 10),
            """{"timestamp":"2026-10-01T08:02:00.000Z","type":"token_usage_record","payload":{"thread_id":"t1","response_id":"resp_1","usage":{"input_tokens":50,"cached_input_tokens":20,"output_tokens":5},"thread_token_usage":{"input_tokens":150,"cached_input_tokens":20,"output_tokens":15}}}""",
            Count("08:02:00", 150, 20, 15),
            """{"timestamp":"2026-10-01T08:03:00.000Z","type":"token_usage_record","payload":{"thread_id":"t1","response_id":"resp_2","usage":{"input_tokens":7,"output_tokens":1}}}""",
            """{"timestamp":"2026-10-01T08:03:00.000Z","type":"token_usage_record","payload":{"thread_id":"t1","response_id":"resp_2","usage":{"input_tokens":7,"output_tokens":1}}}""");

        Assert.Equal([(null, 110L), ("resp_1", 55), ("resp_2", 8)], result.Rows.Select(row => (row.ResponseId, row.TotalTokens)));
    }

    // A compaction has a record and no count, and may be the first request of a thread that was resumed.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_record_before_the_first_count_counts_by_itself(bool hasCount)
    {
        UsageScanResult result = Scan.OfLines(
            UsageSource.Codex,
            Meta,
            Turn,
            Record("08:00:00", "resp_1", 50, 5),
            Count("08:01:00", hasCount ? 100 : 0, 0, hasCount ? 10 : 0));

        Assert.Equal(hasCount ? [55L, 110] : [55L], result.Rows.Select(row => row.TotalTokens));
    }

    [Fact]
    public void An_archived_copy_counts_once()
    {
        using var folder = new TempFolder();
        foreach (string name in (string[])["a.jsonl", "b.jsonl"])
        {
            folder.Write(Lines(Meta, Turn, Count("08:01:00", 100, 0, 10)), name);
        }

        Assert.Equal(110, Assert.Single(Scan.Of(UsageSource.Codex, folder.Path).Rows).TotalTokens);
    }

    [Fact]
    public void What_codex_exec_prints_is_read()
    {
        UsageScanResult result = Scan.OfLines(
            UsageSource.Codex,
            """{"type":"thread.started","thread_id":"t9"}""",
            """{"type":"item.completed","item":{"type":"agent_message","text":"hi"}}""",
            """{"type":"turn.completed","usage":{"input_tokens":100,"cached_input_tokens":60,"output_tokens":5}}""");

        OpiUsage row = Assert.Single(result.Rows);
        Assert.Equal(("t9", 40, 60, 5, null), (row.SessionId, row.InputTokens, row.CacheReadTokens, row.OutputTokens, row.Timestamp));
    }

    [Fact]
    public void A_compressed_log_without_anything_in_it_is_named()
    {
        using var folder = new TempFolder();
        folder.Write([0x28, 0xB5, 0x2F, 0xFD, 0, 0], "rollout.jsonl.zst");

        UsageFinding finding = Assert.Single(Scan.Of(UsageSource.Codex, folder.Path).Findings);

        Assert.Equal((folder.File("rollout.jsonl.zst"), "compressed data that was cut off (1)"), (finding.Path, finding.Reason));
    }

    [Fact]
    public void Two_counters_between_each_other_count_each_response_once()
    {
        UsageScanResult result = Scan.OfLines(
            UsageSource.Codex,
            Meta,
            Turn,
            Both("08:01:00", (1000, 10), (1000, 10)),
            Both("08:02:00", (3000, 30), (2000, 20)),
            Both("08:03:00", (500, 5), (500, 5)),
            Both("08:04:00", (5000, 50), (2000, 20)),
            Both("08:04:01", (500, 5), (500, 5)), // told again
            Both("08:05:00", (1100, 9), (600, 4)),
            Both("08:05:01", (5000, 50), (2000, 20)), // told again
            Both("08:06:00", (7200, 70), (2200, 20)));

        Assert.Equal([1010L, 2020, 505, 2020, 604, 2220], result.Rows.Select(row => row.TotalTokens));
    }

    [Fact]
    public void A_total_that_jumps_ahead_of_the_last_response_is_another_counters()
    {
        UsageScanResult result = Scan.OfLines(
            UsageSource.Codex, Meta, Turn, Both("08:01:00", (1000, 10), (1000, 10)), Both("08:02:00", (90000, 900), (2000, 20)), Both("08:03:00", (1500, 15), (500, 5)));

        Assert.Equal([1010L, 2020, 505], result.Rows.Select(row => row.TotalTokens));
    }

    [Fact]
    public void A_count_after_a_line_that_cannot_be_read_has_what_that_line_had()
    {
        UsageScanResult result = Scan.OfLines(
            UsageSource.Codex, Meta, Turn, Both("08:01:00", (1000, 10), (1000, 10)), "{\"timestamp\":\"2026-10-01T08:02:00.000Z\",\"type\":\"event_", Both("08:03:00", (4000, 40), (500, 5)));

        Assert.Equal([1010L, 3030], result.Rows.Select(row => row.TotalTokens));
        Assert.Equal("a line that was cut off (1)", Assert.Single(result.Findings).Reason);
    }

    [Fact]
    public void A_record_stands_for_the_count_after_it_and_not_for_an_older_one_of_the_same_size()
    {
        UsageScanResult result = Scan.OfLines(
            UsageSource.Codex,
            Meta,
            Turn,
            Both("08:01:00", (100, 10), (100, 10)),
            Both("08:02:00", (200, 20), (100, 10)),
            Record("08:03:00", "resp_3", 100, 10),
            Both("08:03:00", (300, 30), (100, 10)),
            Both("08:03:02", (300, 30), (100, 10)),
            Record("08:04:00", "resp_4", 100, 10),
            Both("08:04:00", (400, 40), (100, 10)),
            Both("08:05:00", (450, 45), (50, 5)),
            Record("08:05:00", "resp_5", 50, 5)); // the other way round

        Assert.Equal([110L, 110, 110, 110, 55], result.Rows.Select(row => row.TotalTokens));
        Assert.Equal(["resp_3", "resp_4", "resp_5"], result.Rows.Select(row => row.ResponseId).OfType<string>().Order());
    }

    [Theory]
    [InlineData("turn_context", "priority", ServiceTier.Priority, null)]
    [InlineData("turn_context", "flex", ServiceTier.Flex, null)]
    [InlineData("turn_context", "batch", ServiceTier.Batch, null)]
    [InlineData("turn_context", "default", ServiceTier.Standard, null)]
    [InlineData("turn_context", "ultrafast", ServiceTier.Other, "service_tier=ultrafast")]
    [InlineData("record", "priority", ServiceTier.Priority, null)]
    [InlineData("record", "scale", ServiceTier.Other, "service_tier=scale")]
    [InlineData("count", "fast", ServiceTier.Priority, null)]
    [InlineData("info", "flex", ServiceTier.Flex, null)]
    public void The_rate_is_read_where_it_is_reported(string where, string tier, ServiceTier expected, string? unknown)
    {
        string member = $"\"service_tier\":\"{tier}\",";
        string turn = where == "turn_context" ? Turn.Replace("\"cwd\"", member + "\"cwd\"", StringComparison.Ordinal) : Turn;
        string response = where == "record" ? Record("08:01:00", "resp_1", 100, 10).Replace("\"response_id\"", member + "\"response_id\"", StringComparison.Ordinal)
            : where == "count" ? Both("08:01:00", (100, 10), (100, 10)).Replace("\"info\"", member + "\"info\"", StringComparison.Ordinal)
            : Both("08:01:00", (100, 10), (100, 10)).Replace("\"last_token_usage\"", (where == "info" ? member : "") + "\"last_token_usage\"", StringComparison.Ordinal);

        OpiUsage row = Assert.Single(Scan.OfLines(UsageSource.Codex, Meta, turn, response).Rows);

        Assert.Equal(expected, row.Tier);
        Assert.Equal(unknown ?? "", row.Unknown());
    }

    [Fact]
    public void A_response_that_says_default_is_billed_at_the_rate_that_was_asked_for()
    {
        string settings = """{"timestamp":"2026-10-01T08:00:02.000Z","type":"event_msg","payload":{"type":"thread_settings_applied","thread_settings":{"service_tier":"priority"}}}""";
        string record = Record("08:01:00", "resp_1", 100, 10).Replace("\"response_id\"", "\"service_tier\":\"default\",\"response_id\"", StringComparison.Ordinal);

        Assert.Equal(ServiceTier.Priority, Assert.Single(Scan.OfLines(UsageSource.Codex, Meta, Turn, settings, record).Rows).Tier);
    }

    [Theory]
    [InlineData("""{"payload":{"info":{"last_token_usage":{"output_tokens":10,"input_tokens":100},"total_token_usage":{"output_tokens":10,"input_tokens":100}},"type":"token_count"},"type":"event_msg","timestamp":"2026-10-01T08:01:00.000Z"}""")]
    [InlineData("""{"payload":{"usage":{"output_tokens":10,"input_tokens":100},"response_id":"r"},"timestamp":"2026-10-01T08:01:00.000Z","type":"token_usage_record"}""")]
    [InlineData("""{"usage":{"output_tokens":10,"input_tokens":100},"type":"turn.completed","timestamp":"2026-10-01T08:01:00.000Z"}""")]
    public void The_members_of_a_line_may_stand_in_any_order(string line)
    {
        OpiUsage row = Assert.Single(Scan.OfLines(UsageSource.Codex, Meta, Turn, line).Rows);

        Assert.Equal((110, new DateTimeOffset(2026, 10, 1, 8, 1, 0, TimeSpan.Zero), "gpt-5.2"), (row.TotalTokens, row.Timestamp, row.Model));
    }

    [Theory]
    [InlineData("\"audio_tokens\":5", "audio_tokens=5")]
    [InlineData("\"total_tokens\":999", "total_tokens: 999 is not the sum of its parts, 110")]
    [InlineData("\"cached_input_tokens\":101", "cached_input_tokens: 101 is more than the 100 that it is a part of")]
    [InlineData("\"reasoning_output_tokens\":11", "reasoning_output_tokens: 11 is more than the 10 that it is a part of")]
    [InlineData("\"cached_input_tokens\":-1", "cached_input_tokens=-1")]
    public void What_is_not_understood_makes_the_cost_incomplete(string member, string unknown)
    {
        string record = Record("08:01:00", "resp_1", 100, 10).Replace("\"input_tokens\"", member + ",\"input_tokens\"", StringComparison.Ordinal);

        OpiUsage row = Assert.Single(Scan.OfLines(UsageSource.Codex, Meta, Turn, record).Rows);

        Assert.Null(row.Cost);
        Assert.Equal(unknown, row.Unknown());
    }

    [Fact]
    public void Answers_that_tell_no_usage_are_reported_once()
    {
        UsageScanResult result = Scan.OfLines(
            UsageSource.Codex,
            Meta,
            Turn,
            """{"timestamp":"2026-10-01T08:01:00.000Z","type":"response_item","payload":{"type":"message","role":"assistant","content":[]}}""");

        Assert.Empty(result.Rows);
        UsageFinding finding = Assert.Single(result.Findings);
        Assert.Equal((3, "a line of a log without usage (3)"), (finding.SkippedLines, finding.Reason));
        Assert.Empty(Scan.OfLines(UsageSource.Codex, Meta, Turn).Findings); // nobody has answered yet
    }

    private static string Both(string time, (long Input, long Output) total, (long Input, long Output) last) =>
        $$$"""{"timestamp":"2026-10-01T{{{time}}}.000Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":{{{total.Input}}},"output_tokens":{{{total.Output}}},"total_tokens":{{{total.Input + total.Output}}} },"last_token_usage":{"input_tokens":{{{last.Input}}},"output_tokens":{{{last.Output}}},"total_tokens":{{{last.Input + last.Output}}} } } } }""";

    private static string Record(string time, string id, long input, long output) =>
        $$$"""{"timestamp":"2026-10-01T{{{time}}}.000Z","type":"token_usage_record","payload":{"response_id":"{{{id}}}","usage":{"input_tokens":{{{input}}},"output_tokens":{{{output}}} } } }""";

    private static string SubagentMeta =>
        """{"timestamp":"2026-10-01T08:05:00.000Z","type":"session_meta","payload":{"id":"t2","cwd":"/repo","source":{"subagent":{"thread_spawn":{"parent_thread_id":"t1","depth":1}}}}}""";

    private static string Lines(params string[] lines) => string.Join('\n', lines) + "\n";

    private static string Count(string time, long input, long cached, long output, long reasoning = 0) =>
        $$$"""{"timestamp":"2026-10-01T{{{time}}}{{{(time.Contains('.', StringComparison.Ordinal) ? "" : ".000")}}}Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":{{{input}}},"cached_input_tokens":{{{cached}}},"output_tokens":{{{output}}},"reasoning_output_tokens":{{{reasoning}}},"total_tokens":{{{input + output}}} } },"rate_limits":null} }""";
}
