namespace Opi.Tests;

/// <summary>One bad line costs that line.</summary>
public sealed class BadLineTests
{
    private const string Claude =
        """{"type":"assistant","sessionId":"s","timestamp":"2026-11-01T00:00:00Z","message":{"id":"m1","role":"assistant","model":"claude-x",BAD"usage":{BAD"input_tokens":10,"output_tokens":5}}}""";

    private const string Codex =
        """{"timestamp":"2026-11-01T00:00:00Z",BAD"type":"event_msg","payload":{BAD"type":"token_count","info":{"total_token_usage":{"input_tokens":10,"output_tokens":5}}}}""";

    private const string Pi =
        """{"type":"message","id":"a","timestamp":"2026-11-01T00:00:00Z",BAD"message":{BAD"role":"assistant","provider":"p","model":"m","usage":{"input":10,"output":5}}}""";

    private const string OpenCode = """{"id":"m1","sessionID":"ses","role":"assistant",BAD"modelID":"x","tokens":{"input":10,"output":5},"time":{"created":1795487222869}}""";

    private const string Gemini =
        """{"sessionId":"s","startTime":"2026-11-01T00:00:00Z","messages":[{"id":"1","timestamp":"2026-11-01T00:00:00Z","type":"gemini",BAD"tokens":{"input":10,"output":5,"total":15}}]}""";

    public static TheoryData<UsageSource, string, string> Lines()
    {
        (UsageSource, string)[] logs =
        [
            (UsageSource.ClaudeCode, Claude), (UsageSource.Codex, Codex), (UsageSource.Pi, Pi), (UsageSource.OpenCode, OpenCode), (UsageSource.Gemini, Gemini),
        ];
        string[] members = ["\"\\ud800\":\"x\",", "\"a\\\u0001\":\"x\",", "\"\u0001\":0,", "\"\\q\":null,", "\"\\u12\":[],", "\"\\ud83d\\ud83d\":{},"];
        var data = new TheoryData<UsageSource, string, string>();
        foreach ((UsageSource source, string line) in logs)
        {
            foreach (string member in members)
            {
                data.Add(source, line, member);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_broken_name_of_a_member_costs_nothing_else(UsageSource source, string line, string member)
    {
        using var folder = new TempFolder();
        string name = source is UsageSource.OpenCode or UsageSource.Gemini ? "msg_1.json" : "log.jsonl";

        UsageScanResult result = Scan.Of(source, folder.Write(line.Replace("BAD", member, StringComparison.Ordinal), name));

        Assert.Equal((10, 5), (Assert.Single(result.Rows).InputTokens, result.Rows[0].OutputTokens));
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    [InlineData("9999-12-31T23:59:59.9999999-14:00")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("0000-00-00T00:00:00Z")]
    [InlineData("2026-11-01T24:61:61Z")]
    public void A_time_at_the_end_of_time_costs_nothing(string time)
    {
        foreach ((UsageSource source, string line) in new[] { (UsageSource.ClaudeCode, Claude), (UsageSource.Codex, Codex), (UsageSource.Pi, Pi) })
        {
            string plain = line.Replace("BAD", "", StringComparison.Ordinal);
            using var folder = new TempFolder();
            string other = plain.Replace("m1", "m2", StringComparison.Ordinal).Replace("\"a\"", "\"b\"", StringComparison.Ordinal).Replace("10,", "20,", StringComparison.Ordinal);
            string odd = plain.Replace("2026-11-01T00:00:00Z", time, StringComparison.Ordinal);

            UsageScanResult result = Scan.Of(source, folder.Write(odd + "\n" + other + "\n" + odd + "\n", "log.jsonl"));

            Assert.Contains(result.Rows, row => row.InputTokens is 20 or 10);
            Assert.Empty(result.Findings);
            new UsageLedger(folder.File("ledger")).Add(result.Rows, TimeSpan.Zero);
            Assert.Equal(result.Rows.Count, new UsageLedger(folder.File("ledger")).Read(finding => Assert.Fail(finding.Reason)).Count);
        }
    }

    [Theory]
    [InlineData("79228162514264337593543950335", true)]
    [InlineData("79228162514264337593543950336", false)]
    [InlineData("1e400", false)]
    [InlineData("-1e400", false)]
    [InlineData("1e-400", false)]
    [InlineData("\"5\"", false)]
    [InlineData("{}", false)]
    public void A_cost_at_the_end_of_what_an_amount_can_be_is_one_or_none(string cost, bool isOne)
    {
        using var folder = new TempFolder();
        foreach (int i in new[] { 1, 2 })
        {
            folder.Write(
                OpenCode.Replace("m1", "m" + i, StringComparison.Ordinal).Replace("BAD", $"\"cost\":{cost},\"providerID\":\"zzz\",", StringComparison.Ordinal), $"msg_{i}.json");
        }

        UsageScanResult result = Scan.Of(UsageSource.OpenCode, folder.Path);

        Assert.All(result.Rows, row => Assert.Equal(isOne ? decimal.MaxValue : null, row.Cost));
        Assert.Equal(30, result.Rows.Sum(row => row.TotalTokens));
        var ledger = new UsageLedger(folder.File("ledger"));
        ledger.Add(result.Rows, TimeSpan.Zero);
        Assert.Equal(2, Scan.Of(UsageSource.Ledger, ledger.Folder).Rows.Count);
    }
}
