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
    public void A_compressed_log_is_named_and_not_read()
    {
        using var folder = new TempFolder();
        folder.Write([0x28, 0xB5, 0x2F, 0xFD, 0, 0], "rollout.jsonl.zst");

        UsageFinding finding = Assert.Single(Scan.Of(UsageSource.Codex, folder.Path).Findings);

        Assert.Equal((folder.File("rollout.jsonl.zst"), "it is compressed with zstd, which Opi does not read"), (finding.Path, finding.Reason));
    }

    private static string SubagentMeta =>
        """{"timestamp":"2026-10-01T08:05:00.000Z","type":"session_meta","payload":{"id":"t2","cwd":"/repo","source":{"subagent":{"thread_spawn":{"parent_thread_id":"t1","depth":1}}}}}""";

    private static string Lines(params string[] lines) => string.Join('\n', lines) + "\n";

    private static string Count(string time, long input, long cached, long output, long reasoning = 0) =>
        $$$"""{"timestamp":"2026-10-01T{{{time}}}{{{(time.Contains('.', StringComparison.Ordinal) ? "" : ".000")}}}Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":{{{input}}},"cached_input_tokens":{{{cached}}},"output_tokens":{{{output}}},"reasoning_output_tokens":{{{reasoning}}},"total_tokens":{{{input + output}}} } },"rate_limits":null} }""";
}
