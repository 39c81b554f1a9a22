using System.Text.Json;

namespace Opi.Tests;

public sealed class RecordedLogTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "data", "agent-logs");

    public static TheoryData<string> Files()
    {
        var files = new TheoryData<string>();
        foreach (JsonProperty file in Expected().RootElement.EnumerateObject())
        {
            files.Add(file.Name);
        }

        return files;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_tokens_of_a_recorded_log_are_those_that_were_tallied_apart(string file)
    {
        using JsonDocument expected = Expected();
        JsonElement tally = expected.RootElement.GetProperty(file);

        UsageScanResult result = Scan.Of(SourceOf(file), Path.Combine(Folder, file));

        Assert.Equal((Count("input"), Count("output"), Count("cacheRead"), Count("cacheWrite")), result.Tokens());
        Assert.Equal(Count("cacheWrite1h"), result.Rows.Sum(row => row.CacheWrite1hTokens ?? 0));
        Assert.Equal(Count("reasoning"), result.Rows.Sum(row => row.ReasoningTokens ?? 0));
        Assert.DoesNotContain(result.Findings, finding => finding.SkippedLines == 0);

        long Count(string name) => tally.TryGetProperty(name, out JsonElement count) ? count.GetInt64() : 0;
    }

    [Fact]
    public void A_session_and_its_subagents_count_each_response_once()
    {
        UsageScanResult result = Scan.Of(UsageSource.ClaudeCode, Directory.GetFiles(Path.Combine(Folder, "claude"), "share-main*"));

        Assert.Equal((88, 51, 278912, 71257), result.Tokens());
        Assert.Equal(21, result.Rows.Count);
        Assert.Equal(result.Rows.Count, result.Rows.Select(row => row.Key).Distinct().Count());
    }

    [Fact]
    public void A_fork_does_not_count_what_its_parent_has()
    {
        UsageScanResult result = Scan.Of(UsageSource.Codex, Directory.GetFiles(Path.Combine(Folder, "codex"), "ccusage-branch-*"));

        Assert.Equal(2050, result.Rows.Sum(row => row.TotalTokens));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_log_is_recognised_by_what_is_in_it(string file)
    {
        UsageSource source = SourceOf(file);
        UsageScanResult named = Scan.Of(source, Path.Combine(Folder, file));

        UsageScanResult found = UsageScan.Run(new UsageQuery { Sources = Enum.GetValues<UsageSource>(), Paths = [Path.Combine(Folder, file)] });

        Assert.Equal(named.Rows, found.Rows);
        Assert.All(found.Rows, row => Assert.Equal(source, row.Source));
        Assert.DoesNotContain(found.Findings, finding => finding.SkippedLines == 0);
    }

    private static UsageSource SourceOf(string file) => file[..file.IndexOf('/', StringComparison.Ordinal)] switch
    {
        "claude" => UsageSource.ClaudeCode,
        "codex" => UsageSource.Codex,
        "pi" => UsageSource.Pi,
        "gemini" => UsageSource.Gemini,
        "opencode" => UsageSource.OpenCode,
        _ => throw new ArgumentException("whose log is that?", nameof(file)),
    };

    private static JsonDocument Expected() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "expected.json")));
}
