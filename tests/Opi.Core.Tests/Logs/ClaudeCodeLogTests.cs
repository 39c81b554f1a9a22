namespace Opi.Tests;

public sealed class ClaudeCodeLogTests
{
    private const string Id = "msg_01ABCDEFGHJKLMNPQRSTUVWX";

    [Fact]
    public void A_response_has_all_that_its_line_tells()
    {
        UsageScanResult result = Scan.OfLines(UsageSource.ClaudeCode, """
            {"parentUuid":null,"isSidechain":false,"cwd":"C:\\src\\opi","sessionId":"s1","type":"assistant","timestamp":"2026-10-01T23:59:59.250Z","requestId":"req_1","uuid":"u","message":{"id":"msg_1","role":"assistant","model":"claude-sonnet-4-5","content":[],"usage":{"input_tokens":10,"cache_creation_input_tokens":30,"cache_read_input_tokens":400,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},"output_tokens":5,"service_tier":"batch","server_tool_use":{"web_search_requests":2,"web_fetch_requests":1}}}}
            """);

        OpiUsage row = Assert.Single(result.Rows);
        Assert.Equal(new DateTimeOffset(2026, 10, 1, 23, 59, 59, 250, TimeSpan.Zero), row.Timestamp);
        Assert.Equal((UsageSource.ClaudeCode, "s1", @"C:\src\opi", "claude-sonnet-4-5", "anthropic"), (row.Source, row.SessionId, row.Project, row.Model, row.Provider));
        Assert.Equal((10, 5, 400, 30, 20L, 445), (row.InputTokens, row.OutputTokens, row.CacheReadTokens, row.CacheWriteTokens, row.CacheWrite1hTokens, row.TotalTokens));
        Assert.Equal((ServiceTier.Batch, 2, "msg_1", false), (row.Tier, row.WebSearches, row.ResponseId, row.IsSidechain));
        Assert.True(row.Priced);
        Assert.Empty(result.Findings);
    }

    [Theory]
    [InlineData("the last line has all tokens", """{"id":"m","r":"r1","o":1}|{"id":"m","r":"r1","o":9}""", 9, 1)]
    [InlineData("a line that repeats a part comes last", """{"id":"m","r":"r1","o":9}|{"id":"m","r":"r1","o":1}""", 9, 1)]
    [InlineData("without a request", """{"id":"m","o":1}|{"id":"m","o":9}""", 9, 1)]
    [InlineData("another response between", """{"id":"m","r":"r1","o":1}|{"id":"n","r":"r2","o":3}|{"id":"m","r":"r1","o":9}""", 12, 2)]
    [InlineData("a gateway gives an id twice", """{"id":"m","r":"r1","o":1}|{"id":"m","r":"r2","o":9}""", 10, 2)]
    [InlineData("a gateway gives an id twice and names no request", """{"id":"m","o":1}|{"id":"m","o":9,"i":200}""", 10, 2)]
    [InlineData("the parent is replayed in a side question", """{"id":"m","r":"r1","o":9}|{"id":"m","r":"r2","o":9,"side":true}""", 9, 1)]
    [InlineData("no id but the request's", """{"r":"r1","o":1}|{"r":"r1","o":9}""", 9, 1)]
    [InlineData("no id at all", """{"o":1}|{"o":9}""", 10, 2)]
    public void Lines_of_one_response_count_once(string what, string lines, long output, int rows)
    {
        UsageScanResult result = Scan.OfLines(UsageSource.ClaudeCode, [.. lines.Split('|').Select(Line)]);

        Assert.True((output, rows) == (result.Rows.Sum(row => row.OutputTokens), result.Rows.Count), what);
    }

    [Theory]
    [InlineData("msg_01AAAAAAAAAAAAAAAAAAAAAA", "msg_01AAAAAAAAAAAAAAAAAAAAA\\u0041", 1)]
    [InlineData("caf\u00e9", "caf\\u00e9", 1)]
    [InlineData("caf\u00e9", "cafe", 2)]
    public void Two_spellings_of_an_id_are_one_id(string id, string other, int responses)
    {
        UsageScanResult result = Scan.OfLines(UsageSource.ClaudeCode, Spelled(id), Line("""{"id":"n","r":"r2","o":1}"""), Spelled(other));

        Assert.Equal(responses + 1, result.Rows.Count);

        static string Spelled(string id) => Line("""{"id":"@id","r":"r","o":9}""").Replace("@id", id, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resumed_session_does_not_count_what_it_copied()
    {
        using var folder = new TempFolder();
        folder.Write(Answer("b", "s2", 2, Id) + Answer("b", "s2", 7, "msg_01ZZZZZZZZZZZZZZZZZZZZZZ", "2026-10-02T00:00:00Z"), "a-copy.jsonl");
        folder.Write(Answer("a", "s1", 2, Id), "original.jsonl");

        UsageScanResult result = Scan.Of(UsageSource.ClaudeCode, folder.Path);

        Assert.Equal([("s1", 2L), ("s2", 7L)], result.Rows.Select(row => (row.SessionId!, row.OutputTokens)));
        Assert.Equal("claude:" + Id, result.Rows[0].Key);
    }

    [Theory]
    [InlineData("\"content\":[{\"type\":\"tool_use\",\"input\":{\"model\":null,\"id\":null,\"speed\":null}}],")]
    [InlineData("\"content\":[{\"type\":\"text\",\"text\":\"half \\ud800 of a pair\"}],")]
    [InlineData("\"content\":[{\"type\":\"text\",\"text\":\"not utf-8: \u00ff\"}],")]
    [InlineData("\"content\" : [ ] , ")]
    [InlineData("\"content\":[{\"text\":\"\\x is not an escape\"}],")]
    [InlineData("\"content\":[{\"n\":[REDACTED]12}],")]
    [InlineData("\"content\":null,\"stop_reason\":null,")]
    public void Strange_content_does_not_cost_the_usage(string content)
    {
        string line = "{\"type\":\"assistant\",\"sessionId\":\"s\",\"message\":{\"id\":\"m\",\"role\":\"assistant\",\"model\":\"claude-x\"," + content
            + "\"usage\": {\"input_tokens\":100.0,\"output_tokens\":1e1,\"cache_read_input_tokens\":null}},\"timestamp\":\"2026-10-01T00:00:00Z\"}\r\n";
        using var folder = new TempFolder();
        byte[] bytes = [0xEF, 0xBB, 0xBF, .. System.Text.Encoding.Latin1.GetBytes(line)];

        UsageScanResult result = Scan.Of(UsageSource.ClaudeCode, folder.Write(bytes, "log.jsonl"));

        OpiUsage row = Assert.Single(result.Rows);
        Assert.Equal((100, 10, 0), (row.InputTokens, row.OutputTokens, row.CacheReadTokens));
        Assert.NotNull(row.Timestamp);
        Assert.Empty(result.Findings);
    }

    [Theory]
    [InlineData("\"7\"")]
    [InlineData("-5")]
    [InlineData("1.5")]
    [InlineData("{}")]
    [InlineData("9007199254740993")] // beyond 2^53
    public void A_count_that_is_none_makes_the_cost_incomplete_and_is_reported(string count)
    {
        string line = Line("""{"id":"m"}""").Replace("claude-x", "claude-sonnet-4-5", StringComparison.Ordinal)
            .Replace("\"output_tokens\":0", "\"output_tokens\":" + count, StringComparison.Ordinal);

        UsageScanResult result = Scan.OfLines(UsageSource.ClaudeCode, Line("""{"o":3}"""), line);

        OpiUsage row = Assert.Single(result.Rows, row => row.ResponseId == "m");
        Assert.Equal((100, 0, null), (row.InputTokens, row.OutputTokens, row.Cost));
        Assert.Equal(0.0003m, row.KnownCost); // 100 tokens at 3 USD a million
        Assert.Equal("output_tokens=" + count, row.Unknown());
        Assert.Equal(1, result.Unknown.Details["anthropic: output_tokens"]);
    }

    [Fact]
    public void A_line_in_which_nothing_is_counted_because_a_count_is_none_is_passed_over_and_reported()
    {
        UsageScanResult result = Scan.OfLines(
            UsageSource.ClaudeCode, Line("""{"o":3}"""), Line("""{"id":"m","i":0}""").Replace("\"output_tokens\":0", "\"output_tokens\":\"7\"", StringComparison.Ordinal));

        Assert.Equal(3, Assert.Single(result.Rows).OutputTokens);
        Assert.Equal("a token count that is not a whole number (1)", Assert.Single(result.Findings).Reason);
    }

    [Fact]
    public void What_is_not_a_line_of_the_log_is_counted_with_its_reason()
    {
        UsageScanResult result = Scan.OfLines(UsageSource.ClaudeCode, "// a comment", "not json", "", Line("""{"id":"m","o":3}"""), """{"type":"assistant","message":{"usage":{"input_tokens":1""", """{"type":"assistant","message":{"content":["cut""");

        Assert.Equal(3, Assert.Single(result.Rows).OutputTokens);
        UsageFinding finding = Assert.Single(result.Findings);
        Assert.Equal((4, "a line that is not JSON (2), a line that was cut off (2)"), (finding.SkippedLines, finding.Reason));
    }

    [Fact]
    public void Objects_that_were_glued_together_are_read_apart()
    {
        string torn = """{"parentUuid":"a","type":"assistant","message":{"id":"lost","content":[{"text":"cut o""";
        UsageScanResult result = Scan.OfLines(
            UsageSource.ClaudeCode,
            Line("""{"id":"m","o":3}""") + """{"type":"file-history-snapshot","messageId":"x","snapshot":{}}""",
            """{"type":"file-history-snapshot","messageId":"x","snapshot":{}}""" + Line("""{"id":"n","o":4}"""),
            torn + Line("""{"id":"p","o":5}"""));

        Assert.Equal([3L, 4, 5], result.Rows.Select(row => row.OutputTokens).Order());
        Assert.Equal("a line that was cut off (1)", Assert.Single(result.Findings).Reason);
    }

    [Fact]
    public void Advisors_count_beside_the_response_with_their_own_model()
    {
        UsageScanResult result = Scan.OfLines(UsageSource.ClaudeCode, """
            {"type":"assistant","sessionId":"s","timestamp":"2026-10-01T00:00:00Z","message":{"id":"m","role":"assistant","model":"claude-a","usage":{"input_tokens":1,"output_tokens":2,"speed":"fast","iterations":[{"type":"message","model":null,"input_tokens":1,"output_tokens":2},{"type":"advisor_message","model":"claude-b","input_tokens":30,"output_tokens":40}]}}}
            """);

        Assert.Equal([("claude-a", 3L), ("claude-b", 70)], result.Rows.OrderBy(row => row.Model).Select(row => (row.Model!, row.TotalTokens)));
        Assert.Equal(2, result.Rows.Select(row => row.Key).Distinct().Count());
        Assert.All(result.Rows, row => Assert.Equal(ServiceTier.Fast, row.Tier));
    }

    [Fact]
    public void What_was_never_billed_is_not_a_row()
    {
        UsageScanResult result = Scan.OfLines(
            UsageSource.ClaudeCode,
            Line("""{"id":"m","i":0}""").Replace("claude-x", "<synthetic>", StringComparison.Ordinal),
            """{"type":"user","sessionId":"s","timestamp":"2026-10-01T00:00:00Z","message":{"role":"user","content":[]},"toolUseResult":{"totalTokens":99,"usage":{"input_tokens":99,"output_tokens":9}}}""");

        Assert.Empty(result.Rows);
        Assert.Empty(result.Findings);
        Assert.Empty(result.UnpricedModels);
    }

    [Fact]
    public void A_cache_write_whose_split_is_zero_is_not_lost()
    {
        UsageScanResult result = Scan.OfLines(UsageSource.ClaudeCode, """
            {"type":"assistant","message":{"id":"m","model":"claude-x","usage":{"input_tokens":1,"output_tokens":1,"cache_creation_input_tokens":1000,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0}}}}
            """);

        Assert.Equal((1000, 0L), (result.Rows[0].CacheWriteTokens, result.Rows[0].CacheWrite1hTokens));
    }

    private static string Answer(string uuid, string session, long output, string id, string time = "2026-10-01T00:00:00Z") =>
        $$"""{"parentUuid":null,"uuid":"{{uuid}}","sessionId":"{{session}}","type":"assistant","timestamp":"{{time}}","requestId":"req","message":{"id":"{{id}}","role":"assistant","model":"claude-x","usage":{"input_tokens":1,"output_tokens":{{output}} } } }""" + "\n";

    /// <summary>A line with what a short form tells: id, request, output tokens, input tokens, whether it is of a side conversation.</summary>
    private static string Line(string form)
    {
        using var json = System.Text.Json.JsonDocument.Parse(form);
        string id = Text("id", "\"id\":\"{0}\","), request = Text("r", ",\"requestId\":\"{0}\"");
        string side = json.RootElement.TryGetProperty("side", out _) ? "true" : "false";
        return "{\"parentUuid\":null,\"isSidechain\":" + side + ",\"sessionId\":\"s\",\"cwd\":\"/repo\",\"type\":\"assistant\",\"timestamp\":\"2026-10-01T00:00:00Z\",\"uuid\":\"" + Guid.NewGuid() + "\",\"message\":{" + id
            + "\"role\":\"assistant\",\"model\":\"claude-x\",\"content\":[],\"usage\":{\"input_tokens\":" + Number("i", 100) + ",\"output_tokens\":" + Number("o", 0) + "}}" + request + "}";

        string Text(string name, string format) => json.RootElement.TryGetProperty(name, out System.Text.Json.JsonElement value) ? string.Format(System.Globalization.CultureInfo.InvariantCulture, format, value.GetString()) : "";
        long Number(string name, long otherwise) => json.RootElement.TryGetProperty(name, out System.Text.Json.JsonElement value) ? value.GetInt64() : otherwise;
    }
}
