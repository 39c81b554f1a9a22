namespace Opi.Tests;

/// <summary>A log is recognised by what it holds, never by a likeness.</summary>
public sealed class LogRecognitionTests
{
    private static readonly UsageSource[] All = Enum.GetValues<UsageSource>();

    private const string ClaudeAnswer =
        """{"type":"assistant","sessionId":"s","message":{"id":"m","role":"assistant","model":"claude-sonnet-4-5","usage":{"input_tokens":7,"output_tokens":1}}}""";

    public static TheoryData<string, string, string> Foreign => new()
    {
        {
            "Droid",
            "d.jsonl",
            """
            {"type":"session_start","id":"d","title":"t","version":2,"cwd":"/r"}
            {"type":"message","id":"m","timestamp":"2026-09-10T15:33:12Z","message":{"role":"assistant","content":[]}}
            """
        },
        { "somebody's events with a session", "e.jsonl", """{"sessionId":"e","type":"llm.call","tokens":900}""" },
        { "somebody's events with a payload", "e.jsonl", """{"timestamp":"2026-09-14T23:10:28Z","type":"llm_call","payload":{"tokens":900}}""" },
    };

    public static TheoryData<UsageSource, string, string> Alike => new()
    {
        {
            UsageSource.Kimi,
            "wire.jsonl",
            """
            {"type":"metadata","protocol_version":"1.4","created_at":1790000000000}
            {"type":"turn.prompt","input":[],"time":1790000000002}
            {"type":"turn.started","time":1790000000003}
            {"type":"usage.record","model":"kimi","usage":{"inputOther":900,"output":40},"usageScope":"turn","time":1790000000004}
            """
        },
        {
            UsageSource.Kimi,
            "wire.jsonl",
            """
            {"type":"metadata","protocol_version":"1.10"}
            {"timestamp":1789311108.7,"message":{"type":"StatusUpdate","payload":{"token_usage":{"input_other":5,"output":2},"message_id":"x"}}}
            """
        },
        {
            UsageSource.Qwen,
            "q.jsonl",
            """{"uuid":"u","parentUuid":null,"sessionId":"q","timestamp":"2026-09-17T13:00:02Z","type":"assistant","version":"0.21","model":"qwen3","usageMetadata":{"promptTokenCount":12},"message":{"role":"model","parts":[]}}"""
        },
        {
            UsageSource.Qwen,
            "q.jsonl",
            """
            {"uuid":"u","parentUuid":null,"sessionId":"q","timestamp":"2026-09-17T13:00:02Z","type":"system","version":"0.21","subtype":"ui_telemetry","systemPayload":{"uiEvent":{"input_token_count":5}}}
            {"uuid":"v","parentUuid":"u","sessionId":"q","timestamp":"2026-09-17T13:00:02Z","type":"user","version":"0.21","message":{"role":"user","parts":[]}}
            """
        },
        { UsageSource.Cline, "c.messages.json", """{"version":1,"updated_at":"x","agent":"lead","sessionId":"c","messages":[{"role":"assistant","metrics":{"inputTokens":5}}]}""" },
        { UsageSource.Copilot, "events.jsonl", """{"type":"session.usage_record","data":{"usage":{"inputTokens":6594}},"id":"c","timestamp":"2026-09-14T23:10:28Z","parentId":null}""" },
    };

    [Theory]
    [MemberData(nameof(Alike))]
    public void A_log_that_looks_like_anothers_is_its_own_agents(UsageSource source, string name, string text)
    {
        using var folder = new TempFolder();
        string path = folder.Write(text + "\n", name);

        Assert.All(Scan.Of(All, null, path).Rows, row => Assert.Equal(source, row.Source));
        Assert.DoesNotContain(Scan.Of(All, null, path).Findings, finding => finding.IsUnread);
        Assert.Equal(Scan.Of(source, path).Rows, Scan.Of(All, null, path).Rows);
    }

    [Theory]
    [MemberData(nameof(Foreign))]
    public void Another_agents_log_is_reported_and_gives_nothing(string agent, string name, string text)
    {
        using var folder = new TempFolder();
        UsageScanResult result = Scan.Of(All, null, folder.Write(text + "\n", name));

        Assert.True(result.Rows.Count == 0, agent);
        Assert.True(result.Findings.Count == 1, agent);
    }

    [Theory]
    [InlineData(UsageSource.ClaudeCode, 2, UsageSource.Qwen)]
    [InlineData(UsageSource.Codex, 0, UsageSource.Kimi)]
    public void Whose_log_is_asked_for_does_not_make_it_one(UsageSource source, int example, UsageSource owner)
    {
        using var folder = new TempFolder();
        UsageScanResult result = Scan.Of(source, folder.Write((string)((object[])Alike.ElementAt(example))[2], "log.jsonl"));

        Assert.Empty(result.Rows);
        Assert.Equal($"it is not a log of {source}, but of {owner}", Assert.Single(result.Findings).Reason);
    }

    [Theory]
    [InlineData(900_000)]
    [InlineData(3_000_000)]
    public void Garbage_before_a_log_costs_its_lines_only(int length)
    {
        string text = new string('x', length) + "\n" + string.Concat(Enumerable.Repeat("garbage\n", 20_000)) + ClaudeAnswer + "\n";
        using var folder = new TempFolder();

        UsageScanResult result = Scan.Of(UsageSource.ClaudeCode, folder.Write(text, "log.jsonl"));

        Assert.Equal(8, Assert.Single(result.Rows).TotalTokens);
        Assert.Equal(20_001, Assert.Single(result.Findings).SkippedLines);
    }

    [Theory]
    [InlineData("\uFEFF[")]
    [InlineData("\n\n  [")]
    [InlineData("\uFEFF \r\n[ {}, ")]
    public void A_document_may_have_a_mark_or_spaces_before_it_and_elements_that_say_nothing(string start)
    {
        const string request = """{"ts":1790000000000,"type":"say","say":"api_req_started","text":"{\"tokensIn\":7,\"tokensOut\":1}"}""";
        using var folder = new TempFolder();
        string path = folder.Write(start + request + "]", "ui_messages.json");

        Assert.Equal(8, Assert.Single(Scan.Of(UsageSource.Cline, path).Rows).TotalTokens);
    }

    // The good line is the end of the file, in what was read first, in what was read to find it, or on the border between.
    [Theory]
    [InlineData(1 << 14)]
    [InlineData((1 << 19) - 1)]
    [InlineData(1 << 19)]
    [InlineData((1 << 19) + 1)]
    [InlineData(900_000)]
    [InlineData((1 << 20) - 1)]
    [InlineData(1 << 20)]
    [InlineData(3_000_000)]
    public void A_first_line_of_garbage_does_not_hide_the_last_one(int length)
    {
        using var folder = new TempFolder();
        UsageScanResult result = Scan.Of(UsageSource.ClaudeCode, folder.Write(new string('x', length) + "\n" + ClaudeAnswer + "\n"));
        Assert.Single(result.Rows);
    }

    [Fact]
    public void A_log_whose_answers_tell_no_usage_is_reported_with_its_lines()
    {
        string[] lines =
        [
            """{"type":"user","userType":"external","isSidechain":false,"sessionId":"s","message":{"role":"user","content":"hi"}}""",
            """{"type":"assistant","userType":"external","isSidechain":false,"sessionId":"s","message":{"role":"assistant","content":[]}}""",
        ];

        UsageFinding finding = Assert.Single(Scan.OfLines(UsageSource.ClaudeCode, lines).Findings);

        Assert.Equal((2, "a line of a log without usage (2)"), (finding.SkippedLines, finding.Reason));
        Assert.Empty(Scan.OfLines(UsageSource.ClaudeCode, lines[0]).Findings); // a question that nobody answered
        Assert.Empty(Scan.OfLines(UsageSource.ClaudeCode, [.. lines, ClaudeAnswer]).Findings);
    }

    [Fact]
    public void What_a_workflow_notes_of_its_steps_is_not_a_log()
    {
        using var folder = new TempFolder();
        string journal = Directory.CreateDirectory(folder.File("s/subagents/workflows/wf_1")).FullName;
        File.WriteAllText(Path.Combine(journal, "journal.jsonl"), """{"type":"step","result":{"usage":{"input_tokens":99999}}}""");
        File.WriteAllText(Path.Combine(journal, "agent-1.jsonl"), ClaudeAnswer);

        UsageScanResult result = Scan.Of(All, null, folder.Path);

        Assert.Equal(8, Assert.Single(result.Rows).TotalTokens);
        Assert.Empty(result.Findings);
        Assert.Single(Scan.Of(All, null, Path.Combine(journal, "journal.jsonl")).Findings); // named by itself it is told
    }

    [Fact]
    public void A_head_has_the_names_of_its_line_and_no_parts_of_them()
    {
        using var head = new LogHead();
        string many = string.Concat(Enumerable.Range(0, 500).Select(i => $"\"name{i}\":0,"));
        byte[] line = System.Text.Encoding.UTF8.GetBytes($$"""{{{many}}"user\u0054ype":1,"message":{"r\u00f6le":{"deep":1},"a\u0000b":1},"type":"x"}""");

        Assert.Equal(line.Length, head.Read(line));

        Assert.Equal("x", head.Type);
        Assert.All(["name0", "name499", "userType", "message", "message.r\u00f6le", "type"], name => Assert.True(head.Has(name), name));
        Assert.All(["name", "ame0", "Type", "deep", "r\u00f6le", "message.", "", "a", "b"], name => Assert.False(head.Has(name), name));
        Assert.Equal(2, head.Read("{}"u8));
        Assert.False(head.HasNames || head.Has("type"));
    }
}
