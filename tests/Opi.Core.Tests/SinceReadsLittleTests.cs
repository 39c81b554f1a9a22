namespace Opi.Tests;

/// <summary>Which files are read for the time that is asked for. A file that is not read is known by the damage in it that nobody tells.</summary>
public class SinceReadsLittleTests
{
    private static readonly DateTimeOffset Since = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_the_ledger_the_files_of_the_months_that_are_asked_for(bool isFound)
    {
        using var folder = new TempFolder();
        var ledger = new UsageLedger(folder.File("ledger"));
        ledger.Add([Row("a", Since.AddMonths(-2)), Row("b", Since.AddMonths(-1)), Row("c", Since), Row("d", Since.AddMonths(1)), Row("e", null)], TimeSpan.Zero);
        foreach (string file in ledger.Files())
        {
            File.AppendAllText(file, "nonsense\n");
        }

        // Named as a ledger, or found to be one among all sources.
        UsageSource[] sources = isFound ? [.. Enum.GetValues<UsageSource>()] : [UsageSource.Ledger];
        UsageQuery query = new() { Sources = sources, Paths = [ledger.Folder] };
        Assert.Equal("usage-2026-11.jsonl, usage-2026-12.jsonl: c, d", Read(query with { Since = Since }));
        Assert.Equal("usage-2026-11.jsonl: c", Read(query with { Since = Since, Until = Since.AddMonths(1) }));
        Assert.Equal("usage-2026-09.jsonl: a", Read(query with { Until = Since.AddMonths(-1) }));
        Assert.Equal("usage-2026-09.jsonl, usage-2026-10.jsonl, usage-2026-11.jsonl, usage-2026-12.jsonl, usage-undated.jsonl: a, b, c, d, e", Read(query));
    }

    [Theory]
    [InlineData(UsageSource.ClaudeCode)]
    [InlineData(UsageSource.Pi)]
    public void Of_an_agent_that_only_adds_to_its_logs_those_that_were_written_to_since(UsageSource source)
    {
        using var folder = new TempFolder();
        foreach ((string name, int days) in new[] { ("old", -9), ("yesterday", -1), ("new", 3) })
        {
            string path = folder.Write(Line(source, name, Since.AddDays(days)) + "\nnonsense\n", $"{name}.jsonl");
            File.SetLastWriteTimeUtc(path, Since.AddDays(days).UtcDateTime);
        }

        foreach (UsageSource[] sources in (UsageSource[][])[[source], [.. Enum.GetValues<UsageSource>()]])
        {
            UsageScanResult result = UsageScan.Run(new UsageQuery { Sources = sources, Paths = [folder.Path], Since = Since });
            Assert.Equal(Since.AddDays(3), Assert.Single(result.Rows).Timestamp);
            Assert.Equal(["new.jsonl", "yesterday.jsonl"], result.Findings.Select(finding => Path.GetFileName(finding.Path)).Order());
            Assert.Equal(2, result.FileCount);
        }
    }

    [Fact]
    public void The_log_that_a_fork_of_Codex_comes_from_is_read_whenever_it_was_written()
    {
        using var folder = new TempFolder();
        string parent = "0199aaaa-0000-7000-8000-000000000001", child = "0199aaaa-0000-7000-8000-000000000002";
        string old = folder.Write(
            Meta(parent, null, Since.AddDays(-9)) + Count(Since.AddDays(-9), 1000) + Count(Since.AddDays(-9), 2500), $"rollout-2026-10-23T00-00-00-{parent}.jsonl");
        File.SetLastWriteTimeUtc(old, Since.AddDays(-9).UtcDateTime);
        folder.Write(
            Meta(child, parent, Since.AddDays(2)) + Count(Since.AddDays(2), 1000) + Count(Since.AddDays(2), 2500) + Count(Since.AddDays(2).AddMinutes(5), 2600),
            $"rollout-2026-11-03T00-00-00-{child}.jsonl");

        UsageQuery query = new() { Sources = [UsageSource.Codex], Paths = [folder.Path], LedgerFolder = folder.File("no-ledger") };
        OpiUsage[] all = [.. UsageScan.Run(query).Rows.Where(row => row.Timestamp >= Since)];
        OpiUsage[] since = [.. UsageScan.Run(query with { Since = Since }).Rows];

        Assert.Equal(100, Assert.Single(all).InputTokens);
        Assert.Equal(all, since);
    }

    private static string Read(UsageQuery query)
    {
        UsageScanResult result = UsageScan.Run(query);
        return string.Join(", ", result.Findings.Select(finding => Path.GetFileName(finding.Path)).Order(StringComparer.Ordinal))
            + ": " + string.Join(", ", result.Rows.Select(row => row.Key).Order(StringComparer.Ordinal));
    }

    private static OpiUsage Row(string key, DateTimeOffset? time) => new()
    {
        Key = key, Timestamp = time, Source = UsageSource.ClaudeCode, Provider = "anthropic", Model = "claude-opus-4-5", InputTokens = 10, TotalTokens = 10,
    };

    private static string Line(UsageSource source, string id, DateTimeOffset time) => source == UsageSource.Pi
        ? $$$"""
            {"type":"session","version":3,"id":"{{{id}}}","timestamp":"{{{time:O}}}","cwd":"/w"}
            {"type":"message","id":"{{{id}}}","parentId":null,"timestamp":"{{{time:O}}}","message":{"role":"assistant","content":[],"provider":"anthropic","model":"claude-opus-4-5","usage":{"input":10,"output":1,"cacheRead":0,"cacheWrite":0} } }
            """
        : $$$$"""{"type":"assistant","sessionId":"{{{{id}}}}","isSidechain":false,"timestamp":"{{{{time:O}}}}","requestId":"r{{{{id}}}}","message":{"id":"m{{{{id}}}}","role":"assistant","model":"claude-opus-4-5","usage":{"input_tokens":10,"output_tokens":1} } }""";

    private static string Meta(string id, string? parent, DateTimeOffset time) =>
        $$$"""{"timestamp":"{{{time:O}}}","type":"session_meta","payload":{"id":"{{{id}}}",{{{(parent is null ? "" : $"\"forked_from_id\":\"{parent}\",")}}}"timestamp":"{{{time:O}}}","cwd":"/w","model_provider":"openai"}}""" + "\n"
        + $$$"""{"timestamp":"{{{time:O}}}","type":"turn_context","payload":{"model":"gpt-5.4"}}""" + "\n";

    private static string Count(DateTimeOffset time, int total) =>
        $$$$"""{"timestamp":"{{{{time:O}}}}","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":{{{{total}}}},"cached_input_tokens":0,"output_tokens":0,"reasoning_output_tokens":0,"total_tokens":{{{{total}}}} } } } }""" + "\n";
}
