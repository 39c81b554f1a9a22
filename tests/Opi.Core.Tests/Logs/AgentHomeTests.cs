using System.Text.Json;

namespace Opi.Tests;

public sealed class AgentHomeTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "data", "agent-homes");

    private static readonly UsageSource[] Agents = [.. Enum.GetValues<UsageSource>().Except(
        [UsageSource.Opi, UsageSource.Ledger, UsageSource.Other])];

    public static TheoryData<string> Homes()
    {
        using JsonDocument expected = Expected();
        return [.. expected.RootElement.EnumerateObject().Select(home => home.Name)];
    }

    [Theory]
    [MemberData(nameof(Homes))]
    public void The_figures_of_a_home_are_those_that_were_tallied_apart(string home)
    {
        using JsonDocument expected = Expected();
        JsonElement tally = expected.RootElement.GetProperty(home);

        UsageScanResult result = Scan.Of(Agents, null, Path.Combine(Folder, home));

        Assert.Equal(Figures(tally.GetProperty("total")), Figures(result.Rows));
        foreach (JsonProperty model in tally.GetProperty("by_model").EnumerateObject())
        {
            Assert.Equal((model.Name, Figures(model.Value)), (model.Name, Figures(result.Rows.Where(row => row.Model == model.Name))));
        }

        foreach (JsonProperty day in tally.GetProperty("by_day").EnumerateObject())
        {
            IEnumerable<OpiUsage> rows = result.Rows.Where(row => row.Time!.StartsWith(day.Name, StringComparison.Ordinal));
            Assert.Equal((day.Name, Figures(day.Value)), (day.Name, Figures(rows)));
        }

        int requestsOfLegs = home == "copilot-cli-old-made" ? 1 : 0; // two requests of a model in one leg
        Assert.Equal(tally.GetProperty("total").GetProperty("responses").GetInt32(), result.Rows.Count + requestsOfLegs);
        Assert.Equal(result.Rows.Count, result.Rows.Select(row => row.Key).Distinct().Count());
        Assert.DoesNotContain(result.Findings, finding => finding.HidesUsage);
    }

    [Theory]
    [InlineData("copilot-cli", UsageSource.Copilot)]
    [InlineData("codex-zst", UsageSource.Codex)]
    [InlineData("kilo-cli", UsageSource.KiloCode)]
    [InlineData("opencode", UsageSource.OpenCode)]
    [InlineData("omp-made", UsageSource.Omp)]
    [InlineData("openclaw", UsageSource.OpenClaw)]
    [InlineData("openclaw-old-made", UsageSource.OpenClaw)]
    [InlineData("goose-made", UsageSource.Goose)]
    [InlineData("crush-made", UsageSource.Crush)]
    public void A_log_of_any_place_is_known_by_what_is_in_it(string home, UsageSource source) =>
        Assert.All(Scan.Of(Agents, null, Path.Combine(Folder, home)).Rows, row => Assert.Equal(source, row.Source));

    [Theory]
    [InlineData("qwen", 2)] // a subagent, and work in the background
    [InlineData("opencode", 1)]
    [InlineData("kilo-cli", 1)]
    [InlineData("copilot-cli", 1)]
    [InlineData("cline-cli", 1)]
    [InlineData("kimi-code-recorded", 3)]
    [InlineData("vscode-made", 1)]
    public void What_subagents_asked_is_marked(string home, int count) =>
        Assert.Equal(count, Scan.Of(Agents, null, Path.Combine(Folder, home)).Rows.Count(row => row.IsSidechain));

    [Theory]
    [MemberData(nameof(Homes))]
    public void Each_response_has_the_project_that_its_agent_worked_in(string home)
    {
        UsageScanResult result = Scan.Of(Agents, null, Path.Combine(Folder, home));

        string project = home switch
        {
            "kimi-code-recorded" => "/home/sam/project",
            "openclaw" => "/home/sam/.openclaw/workspace",
            "crush-made" => ProjectFolder.Plain(Path.Combine(Folder, home, "src", "widgets"))!,
            _ => "/home/sam/src/widgets",
        };
        Assert.All(result.Rows, row => Assert.StartsWith(project, row.Project, StringComparison.Ordinal));
        Assert.All(result.Rows, row => Assert.NotNull(row.SessionId));
    }

    [Fact]
    public void What_GitHub_billed_in_credits_is_the_cost()
    {
        UsageScanResult result = Scan.Of(UsageSource.Copilot, Path.Combine(Folder, "copilot-cli-credits-made"));

        Assert.Equal(0.33983304m, Math.Round(result.Rows.Sum(row => row.Cost!.Value), 8));
        Assert.All(result.Rows, row => Assert.Equal(CostSource.Logged, row.CostSource));
    }

    [Fact]
    public void A_cost_without_tokens_is_a_cost()
    {
        UsageScanResult result = Scan.Of(UsageSource.Crush, Path.Combine(Folder, "crush-made"));

        Assert.Equal(3.938514m, result.Rows.Sum(row => row.Cost));
        Assert.All(result.Rows, row => Assert.Equal((CostSource.Logged, 0L), (row.CostSource, row.TotalTokens)));
    }

    [Fact]
    public void What_the_provider_of_Goose_billed_is_billed_and_what_it_reckoned_is_not()
    {
        UsageScanResult result = Scan.Of(UsageSource.Goose, Path.Combine(Folder, "goose-made"));

        Assert.Contains(result.Rows, row => row.CostSource == CostSource.Billed);
        Assert.Contains(result.Rows, row => row.CostSource == CostSource.List);
    }

    private static JsonDocument Expected() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "expected.json")));

    private static string Figures(JsonElement tally) => string.Join(
        ' ',
        new[] { "input", "output", "cache_read", "cache_write", "cache_write_1h", "reasoning", "total_tokens" }.Select(
            name => $"{name} {tally.GetProperty(name).GetInt64()}"))
        + FormattableString.Invariant($" cost {(tally.GetProperty("cost_logged_usd") is { ValueKind: JsonValueKind.Number } cost ? cost.GetDecimal() : 0):F7}");

    private static string Figures(IEnumerable<OpiUsage> found)
    {
        OpiUsage[] rows = [.. found];
        long Sum(Func<OpiUsage, long?> count) => rows.Sum(row => count(row) ?? 0);
        return $"input {Sum(row => row.InputTokens)} output {Sum(row => row.OutputTokens)} cache_read {Sum(row => row.CacheReadTokens)}"
            + $" cache_write {Sum(row => row.CacheWriteTokens)} cache_write_1h {Sum(row => row.CacheWrite1hTokens)}"
            + $" reasoning {Sum(row => row.ReasoningTokens)} total_tokens {Sum(row => row.TotalTokens)}"
            + FormattableString.Invariant($" cost {rows.Sum(row => row.LoggedCost ?? 0):F7}");
    }
}
