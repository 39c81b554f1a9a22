namespace Opi.Tests;

public sealed class OtherLogTests
{
    private const string PiHeader = """{"type":"session","version":3,"id":"p1","timestamp":"2026-10-01T08:00:00.000Z","cwd":"/repo"}""";

    [Fact]
    public void All_that_pi_spent_counts()
    {
        UsageScanResult result = Scan.OfLines(
            UsageSource.Pi,
            PiHeader,
            PiAnswer("a1", 10),
            """{"type":"message","id":"r1","timestamp":"2026-10-01T08:02:00.000Z","message":{"role":"toolResult","usage":{"input":1,"output":2,"cost":{"total":0.25}}}}""",
            """{"type":"compaction","id":"c1","timestamp":"2026-10-01T08:03:00.000Z","summary":"s","usage":{"input":3,"output":4}}""",
            """{"type":"branch_summary","id":"b1","timestamp":"2026-10-01T08:04:00.000Z","usage":{"input":5,"output":6}}""",
            """{"type":"usage","id":"u1","timestamp":"2026-10-01T08:05:00.000Z","kind":"cache_warm","provider":"anthropic","model":"claude-x","usage":{"input":7,"output":8,"cacheWrite":9,"cacheWrite1h":9}}""",
            """{"type":"message","id":"e1","timestamp":"2026-10-01T08:06:00.000Z","message":{"role":"assistant","provider":"x","model":"m","stopReason":"error","usage":{"input":0,"output":0}}}""");

        Assert.Equal([15L, 3, 7, 11, 24], result.Rows.Select(row => row.TotalTokens));
        Assert.Equal(["m", null, "m", "m", "claude-x"], result.Rows.Select(row => row.Model));
        Assert.All(result.Rows, row => Assert.Equal(("p1", "/repo"), (row.SessionId, row.Project)));
        Assert.Equal((0.25m, true), (result.Rows[1].Cost, result.Rows[1].Priced));
        Assert.Equal(9, result.Rows[4].CacheWrite1hTokens);
    }

    [Fact]
    public void A_fork_of_pi_counts_what_it_copied_once()
    {
        using var folder = new TempFolder();
        folder.Write(PiHeader + "\n" + PiAnswer("a1", 10) + "\n", "a.jsonl");
        folder.Write(PiHeader.Replace("p1", "p2", StringComparison.Ordinal).Replace("08:00", "09:00", StringComparison.Ordinal) + "\n" + PiAnswer("a1", 10) + "\n" + PiAnswer("a2", 20) + "\n", "b.jsonl");

        Assert.Equal([15L, 25], Scan.Of(UsageSource.Pi, folder.Path).Rows.Select(row => row.TotalTokens).Order());
    }

    [Fact]
    public void An_answer_of_Gemini_that_was_written_twice_counts_once_and_its_cache_is_not_input()
    {
        string answer = """{"id":"g1","timestamp":"2026-10-01T08:00:00.000Z","type":"gemini","model":"gemini-2.5-flash","tokens":{"input":100,"output":10,"cached":60,"thoughts":5,"tool":7,"total":122}}""";
        UsageScanResult result = Scan.OfLines(UsageSource.Gemini, """{"sessionId":"g","projectHash":"x","startTime":"2026-10-01T08:00:00.000Z","kind":"subagent"}""", answer, """{"$set":{"lastUpdated":"x"}}""", answer);

        OpiUsage row = Assert.Single(result.Rows);
        Assert.Equal((47, 15, 60, 5L, 122, true), (row.InputTokens, row.OutputTokens, row.CacheReadTokens, row.ReasoningTokens, row.TotalTokens, row.IsSidechain));
    }

    [Fact]
    public void A_message_of_opencode_has_its_folder_time_and_thinking()
    {
        using var folder = new TempFolder();
        folder.Write("""{"id":"msg_1","sessionID":"ses_1","role":"assistant","modelID":"big-pickle","providerID":"opencode","time":{"created":1790000000000},"path":{"cwd":"C:\\repo","root":"/"},"cost":0.5,"tokens":{"input":10,"output":20,"reasoning":5,"cache":{"read":30,"write":40}}}""", "msg_1.json");
        folder.Write("SQLite format 3\0"u8, "opencode.db");

        UsageScanResult result = Scan.Of(UsageSource.OpenCode, folder.Path);

        OpiUsage row = Assert.Single(result.Rows);
        Assert.Equal((10, 25, 30, 40, 5L), (row.InputTokens, row.OutputTokens, row.CacheReadTokens, row.CacheWriteTokens, row.ReasoningTokens));
        Assert.Equal(("ses_1", @"C:\repo", "big-pickle", "opencode", DateTimeOffset.FromUnixTimeMilliseconds(1790000000000)), (row.SessionId, row.Project, row.Model, row.Provider, row.Timestamp));
        Assert.Equal("it is not a SQLite database, or it is encrypted", Assert.Single(result.Findings).Reason);
    }

    [Fact]
    public void A_message_of_Gemini_that_is_written_again_with_another_time_counts_once()
    {
        string Answer(string id, string time, int output) =>
            $$"""{"id":"{{id}}","timestamp":"2026-10-01T{{time}}Z","type":"gemini","model":"gemini-2.5-flash","tokens":{"input":100,"output":{{output}},"total":{{100 + output}}} }""";
        UsageScanResult result = Scan.OfLines(
            UsageSource.Gemini,
            Answer("g1", "08:00:00", 10),
            Answer("g1", "08:00:05", 30),
            Answer("g1", "08:00:09", 30),
            Answer("g2", "08:01:00", 1),
            """{"kind":"main","startTime":"2026-10-01T08:00:00.000Z","projectHash":"x","sessionId":"g"}"""); // the session may be told last

        Assert.Equal([130L, 101], result.Rows.Select(row => row.TotalTokens));
        Assert.Equal(["gemini:g:g1", "gemini:g:g2"], result.Rows.Select(row => row.Key));
        Assert.All(result.Rows, row => Assert.Equal("g", row.SessionId));
    }

    [Fact]
    public void A_document_of_Gemini_may_have_its_session_behind_its_messages()
    {
        using var folder = new TempFolder();
        string path = folder.Write(
            """{"messages":[{"tokens":{"total":15,"output":5,"input":10},"type":"gemini","id":"1"}],"startTime":"2026-10-01T08:00:00Z","kind":"subagent","sessionId":"g"}""", "session-1.json");

        OpiUsage row = Assert.Single(Scan.Of(UsageSource.Gemini, path).Rows);

        Assert.Equal(("g", 15, true), (row.SessionId, row.TotalTokens, row.IsSidechain));
    }

    [Fact]
    public void Copies_that_OpenClaw_keeps_of_a_session_count_once_and_what_only_they_have_too()
    {
        using var folder = new TempFolder();
        string sessions = Directory.CreateDirectory(folder.File("agents/main/sessions")).FullName;
        Write("p1.jsonl", PiHeader, PiAnswer("a1", 10), PiAnswer("a3", 30));
        Write("p1.checkpoint.c1.jsonl", PiHeader, PiAnswer("a1", 10));
        Write("p1.jsonl.bak-17-1790000000000", PiHeader, PiAnswer("a1", 10), PiAnswer("a2", 20));
        Write("p1.jsonl.reset.2026-10-01T09-00-00.000Z", PiHeader, PiAnswer("a1", 10), PiAnswer("a4", 40));
        Write("p1.trajectory.jsonl", """{"traceSchema":"openclaw-trajectory","type":"model.completed","ts":"2026-10-01T08:01:00.000Z","data":{"usage":{"input":20,"output":5,"total":25}}}""");

        UsageScanResult result = Scan.Of(UsageSource.OpenClaw, folder.Path);

        Assert.Equal([15L, 25, 35, 45], result.Rows.Select(row => row.TotalTokens).Order());
        Assert.Empty(result.Findings);

        void Write(string name, params string[] lines) => File.WriteAllText(Path.Combine(sessions, name), string.Join('\n', lines) + "\n");
    }

    [Fact]
    public void A_turn_of_Grok_that_names_no_model_has_that_of_its_session()
    {
        using var folder = new TempFolder();
        string session = Directory.CreateDirectory(folder.File("sessions/%2Frepo/g1")).FullName;
        File.WriteAllText(Path.Combine(session, "summary.json"), """{"info":{"id":"g1","cwd":"/repo"},"current_model_id":"grok-4.5"}""");
        File.WriteAllText(
            Path.Combine(session, "updates.jsonl"),
            """{"timestamp":1790000000,"method":"_x.ai/session/update","params":{"sessionId":"g1","update":{"sessionUpdate":"turn_completed","prompt_id":"t1","usage":{"inputTokens":1000,"outputTokens":20,"totalTokens":1020,"cachedReadTokens":600,"cacheCreationTokens":0,"reasoningTokens":5,"modelCalls":2,"apiDurationMs":9,"costUsdTicks":5000000,"numTurns":2}},"_meta":{"agentTimestampMs":1790000000000}}}""" + "\n");

        OpiUsage row = Assert.Single(Scan.Of(UsageSource.Grok, session).Rows);

        Assert.Equal(("grok-4.5", "/repo", 400L, 20L, 600L), (row.Model, row.Project, row.InputTokens, row.OutputTokens, row.CacheReadTokens));
        Assert.Equal(("", "grok:t1:"), (row.Unknown(), row.Key));
    }

    [Fact]
    public void A_document_that_lacks_what_does_not_matter_is_read_where_its_agent_keeps_it()
    {
        using var folder = new TempFolder();
        string chats = Directory.CreateDirectory(folder.File("tmp/x/chats")).FullName;
        File.WriteAllText(
            Path.Combine(chats, "session-a.json"),
            """{"sessionId":"g","createdAt":"2026-10-01T08:00:00Z","messages":[{"id":"g1","timestamp":"2026-10-01T08:00:00Z","type":"gemini","tokens":{"input":100,"output":10,"cached":60,"thoughts":5}}]}""");
        File.WriteAllText(
            folder.File("msg_1.json"),
            """{"id":"m1","sessionID":"s1","modelID":"gpt-5","providerID":"openai","time":{"created":1790000000000},"tokens":{"input":10,"output":5,"reasoning":0,"cache":{"read":2,"write":1}}}""");

        Assert.Equal((40, 15, 60, 0), Scan.Of(UsageSource.Gemini, chats).Tokens());
        Assert.Equal((10, 5, 2, 1), Scan.Of(UsageSource.OpenCode, folder.File("msg_1.json")).Tokens());
    }

    [Theory]
    [InlineData("true", 0.5, CostSource.Billed, 0.5)]
    [InlineData("0.25", 0.5, CostSource.Billed, 0.25)]
    [InlineData("false", 0.5, CostSource.Logged, 0.5)]
    [InlineData("null", 0.5, CostSource.Logged, 0.5)]
    [InlineData("true", 0, CostSource.None, null)] // a provider that bills nothing says so otherwise
    public void What_the_provider_billed_is_distinguished_from_the_agents_own_price(string stated, double total, CostSource source, double? cost)
    {
        string amount = System.FormattableString.Invariant($"{{\"input\":1,\"total\":{total},\"totalFromProvider\":{stated}}}");
        string pi = """{"type":"message","id":"a","message":{"role":"assistant","provider":"x","model":"m","usage":{"input":10,"output":20,"cost":""" + amount + "}}}";
        string openCode = """{"id":"msg_1","sessionID":"ses_1","role":"assistant","modelID":"m","providerID":"x","tokens":{"input":10,"output":20},"cost":""" + amount + "}";
        using var folder = new TempFolder();

        OpiUsage[] rows =
        [
            Assert.Single(Scan.OfLines(UsageSource.Pi, PiHeader, pi).Rows),
            Assert.Single(Scan.Of(UsageSource.OpenCode, folder.Write(openCode, "msg_1.json")).Rows),
        ];

        Assert.All(rows, row =>
        {
            Assert.Equal((source, (decimal?)cost), (row.CostSource, row.Cost));
            Assert.Equal(source == CostSource.Billed ? row.Provider : null, row.Billing?.StatedBy);
        });
    }

    [Theory]
    [InlineData(UsageSource.Pi, "\"audio\":3", "audio=3")]
    [InlineData(UsageSource.Pi, "\"totalTokens\":99", "totalTokens: 99 is not the sum of its parts, 15")]
    [InlineData(UsageSource.Pi, "\"cacheWrite1h\":5", "cacheWrite1h: 5 is more than the 0 that it is a part of")]
    [InlineData(UsageSource.Pi, "\"contextUsage\":{\"tokens\":5}", null)]
    [InlineData(UsageSource.OpenCode, "\"audio\":3", "audio=3")]
    [InlineData(UsageSource.OpenCode, "\"total\":99", "total: 99 is not the sum of its parts, 15")]
    [InlineData(UsageSource.OpenCode, "\"cache\":{\"long\":4}", "cache.long=4")]
    [InlineData(UsageSource.OpenCode, "\"cache\":{\"read\":\"4\"}", "cache.read=\"4\"")]
    [InlineData(UsageSource.OpenCode, "\"total\":15", null)]
    [InlineData(UsageSource.Gemini, "\"audio\":3", "audio=3")]
    [InlineData(UsageSource.Gemini, "\"total\":99", "total: 99 is not the sum of its parts, 15")]
    [InlineData(UsageSource.Gemini, "\"cached\":11", "cached: 11 is more than the 10 that it is a part of")]
    [InlineData(UsageSource.Gemini, "\"tool\":2,\"total\":15", null)]
    [InlineData(UsageSource.Gemini, "\"tool\":2,\"total\":17", null)]
    public void A_member_that_is_not_known_makes_the_cost_incomplete(UsageSource source, string member, string? unknown)
    {
        string tokens = $$"""{"input":10,"output":5,{{member}}}""";
        string line = source switch
        {
            UsageSource.Pi => """{"type":"message","id":"a","message":{"role":"assistant","provider":"openai","model":"gpt-5","usage":""" + tokens + "}}",
            UsageSource.OpenCode => """{"id":"m","sessionID":"s","role":"assistant","providerID":"openai","modelID":"gpt-5","tokens":""" + tokens + "}",
            _ => """{"id":"m","sessionId":"s","type":"gemini","model":"gemini-2.5-flash","tokens":""" + tokens + "}",
        };
        using var folder = new TempFolder();

        OpiUsage row = Assert.Single(Scan.Of(source, folder.Write(line, source == UsageSource.Pi ? "log.jsonl" : "msg_1.json")).Rows);

        Assert.Equal(unknown ?? "", row.Unknown());
        Assert.Equal(unknown is null, row.Cost is not null);
        Assert.True(row.KnownCost > 0);
    }

    private static string PiAnswer(string id, long input) =>
        $$$"""{"type":"message","id":"{{{id}}}","timestamp":"2026-10-01T08:01:00.000Z","message":{"role":"assistant","provider":"x","model":"m","usage":{"input":{{{input}}},"output":5,"cacheRead":0,"cacheWrite":0,"cost":{"total":0} } } }""";
}
