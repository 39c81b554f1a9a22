using System.Globalization;

namespace Opi.Tests;

/// <summary>
/// Logs are generated with causes of waste in known places, and with all that looks like waste and is not. Nine of ten must not be enough.
/// </summary>
public sealed class WasteTests
{
    private static readonly WasteKind[] All = Enum.GetValues<WasteKind>();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Planted_causes_are_found_and_nothing_else(int seed)
    {
        using var folder = new TempFolder();
        var logs = new WasteLogs(seed, folder.Path);
        logs.Write(sessions: 60);

        IReadOnlyList<OpiWaste> found = WasteScan.Run(
            new UsageQuery { Sources = [UsageSource.ClaudeCode], Paths = [folder.Path] }, All, null, CancellationToken.None).Waste;

        string[] wanted = [.. logs.Planted.Select(plant => $"{plant.Kind} {plant.Response}").Order(StringComparer.Ordinal)];
        string[] given = [.. found.Select(row => $"{row.Kind} {row.ResponseId}").Order(StringComparer.Ordinal)];
        string[] missed = [.. wanted.Except(given)], wrong = [.. given.Except(wanted)];
        double recall = 1 - ((double)missed.Length / wanted.Length), precision = 1 - ((double)wrong.Length / given.Length);
        Assert.True(
            recall > 0.95 && precision > 0.95,
            $"recall {recall:P1}, precision {precision:P1} of {wanted.Length}; missed {string.Join(", ", missed.Take(8))}; wrong {string.Join(", ", wrong.Take(8))}");
        foreach (WasteKind kind in All.Except([WasteKind.FailedCompaction]))
        {
            int planted = logs.Planted.Count(plant => plant.Kind == kind);
            int hits = wanted.Intersect(given).Count(name => name.StartsWith(kind + " ", StringComparison.Ordinal));
            Assert.True(planted >= 5 && hits > planted * 0.9, $"{kind}: {hits} of {planted}");
        }
    }

    [Fact]
    public void The_cost_of_a_miss_is_what_a_hit_would_have_saved()
    {
        using var folder = new TempFolder();
        string path = folder.Write(
            Answer("r1", "2026-09-01T10:00:00Z", 10, 0, 20_000, 100) + Answer("r2", "2026-09-01T10:01:00Z", 10, 20_000, 1_000, 100)
                + Answer("r3", "2026-09-01T10:20:00Z", 10, 0, 22_000, 100),
            "log.jsonl");

        OpiWaste row = Assert.Single(Run(path));

        // claude-sonnet-4-5: 3.75 USD a million written for five minutes, 0.30 read.
        Assert.Equal((WasteKind.CacheIdle, "r3", 21_000L), (row.Kind, row.ResponseId, row.Tokens));
        Assert.Equal(21_000 * (3.75m - 0.30m) / 1_000_000, row.Cost);
        Assert.Equal("The pause was 19 min; the cache lives for 5 min.", row.Detail);
    }

    [Fact]
    public void An_entry_of_an_hour_outlives_a_pause()
    {
        using var folder = new TempFolder();
        string path = folder.Write(
            Answer("r1", "2026-09-01T10:00:00Z", 10, 0, 20_000, 100, hour: true) + Answer("r2", "2026-09-01T10:40:00Z", 10, 20_000, 1_000, 100, hour: true)
                + Answer("r3", "2026-09-01T12:00:00Z", 10, 0, 22_000, 100, hour: true),
            "log.jsonl");

        OpiWaste row = Assert.Single(Run(path));

        Assert.Equal(("r3", "The pause was 80 min; the cache lives for 60 min."), (row.ResponseId, row.Detail));
        Assert.Equal(21_000 * (6m - 0.30m) / 1_000_000, row.Cost);
    }

    [Fact]
    public void A_model_without_a_price_has_waste_of_unknown_cost()
    {
        using var folder = new TempFolder();
        string path = folder.Write(
            (Answer("r1", "2026-09-01T10:00:00Z", 10, 0, 20_000, 100) + Answer("r2", "2026-09-01T10:20:00Z", 10, 0, 22_000, 100))
                .Replace("claude-sonnet-4-5", "acme-9", StringComparison.Ordinal),
            "log.jsonl");

        OpiWaste row = Assert.Single(Run(path));

        Assert.Equal((WasteKind.CacheIdle, 20_000L, null), (row.Kind, row.Tokens, row.Cost));
    }

    [Theory] // a server on this machine cuts what is longer to its window: different prompts are equally long
    [InlineData(4095, 1)]
    [InlineData(4096, 0)]
    [InlineData(4097, 1)]
    [InlineData(40_960, 0)]
    public void Prompts_that_were_cut_to_a_window_are_not_retries(long prompt, int retries)
    {
        OpiUsage Row(string id, int minute) => new()
        {
            Source = UsageSource.OpenClaw,
            SessionId = "s",
            Provider = "ollama",
            Model = "llama3.2:3b",
            ResponseId = id,
            Timestamp = new DateTimeOffset(2026, 9, 1, 10, minute, 0, TimeSpan.Zero),
            InputTokens = prompt,
            OutputTokens = 100 + minute,
            TotalTokens = prompt + 100 + minute,
        };

        IEnumerable<OpiWaste> found = WasteScan.InResponses([Row("r1", 0), Row("r2", 2)], new WasteCost(PricingCatalog.Default));

        Assert.Equal(retries, found.Count(row => row.Kind == WasteKind.Retry));
    }

    [Fact]
    public void A_compaction_that_failed_is_waste_and_one_that_did_not_explains_what_follows()
    {
        OpiUsage Row(string id, int minute, long read, long written) => new()
        {
            Source = UsageSource.Opi,
            SessionId = "s",
            Provider = "anthropic",
            Model = "claude-sonnet-4-5",
            ResponseId = id,
            Timestamp = new DateTimeOffset(2026, 9, 1, 10, minute, 0, TimeSpan.Zero),
            InputTokens = 10,
            CacheReadTokens = read,
            CacheWriteTokens = written,
            OutputTokens = 100,
            TotalTokens = read + written + 110,
        };

        OpiWaste[] found =
        [
            .. WasteScan.InResponses(
                [
                    Row("r1", 0, 0, 50_000), Row("r2", 1, 50_000, 1_000), Row("f", 2, 0, 40_000) with { IsCompaction = true, HasFailed = true },
                    Row("c", 3, 0, 40_000) with { IsCompaction = true }, Row("r3", 4, 0, 30_000), Row("r4", 5, 30_000, 100),
                ],
                new WasteCost(PricingCatalog.Default)),
        ];

        Assert.Equal([(WasteKind.FailedCompaction, "f"), (WasteKind.CacheCompaction, "r3")], found.Select(row => (row.Kind, row.ResponseId!)));
    }

    [Fact]
    public void Filters_take_rows_and_not_the_history_that_they_need()
    {
        using var folder = new TempFolder();
        string path = folder.Write(
            Answer("r1", "2026-09-01T23:50:00Z", 10, 0, 20_000, 100) + Answer("r2", "2026-09-02T00:20:00Z", 10, 0, 22_000, 100), "log.jsonl");
        var query = new UsageQuery { Sources = [UsageSource.ClaudeCode], Paths = [path], Since = DateTimeOffset.Parse("2026-09-02Z", CultureInfo.InvariantCulture) };

        Assert.Single(WasteScan.Run(query, All, null, default).Waste);
        Assert.Empty(WasteScan.Run(query, [WasteKind.Retry], null, default).Waste);
        Assert.Empty(WasteScan.Run(query with { Models = ["gpt-*"] }, All, null, default).Waste);
        Assert.Single(WasteScan.Run(query with { Models = ["claude-*"] }, All, null, default).Waste);
    }

    [Fact]
    public void The_recorded_logs_give_no_waste_before_the_second_request_of_a_conversation()
    {
        string folder = Path.Combine(Repository.Root, "tests", "data", "agent-logs", "claude");
        var query = new UsageQuery { Sources = [UsageSource.ClaudeCode], Paths = [folder] };
        IReadOnlyList<OpiUsage> rows = UsageScan.Run(query).Rows;
        var first = rows.GroupBy(row => (row.SessionId, row.IsSidechain, row.IsSidechain ? row.Path : null)).Select(group => group.First().ResponseId).ToHashSet();

        IReadOnlyList<OpiWaste> waste = WasteScan.Run(query, All, null, default).Waste;

        Assert.DoesNotContain(waste, row => row.Kind != WasteKind.Retry && row.Kind != WasteKind.RepeatedRead && first.Contains(row.ResponseId));
        Assert.All(waste, row => Assert.True(row.Tokens > 0 && row.Cost is null or >= 0));
    }

    private static IReadOnlyList<OpiWaste> Run(string path) =>
        WasteScan.Run(new UsageQuery { Sources = [UsageSource.ClaudeCode], Paths = [path] }, All, null, CancellationToken.None).Waste;

    private static string Answer(string id, string time, long input, long read, long written, long output, bool hour = false) =>
        WasteLogs.Answer(id, "s", "claude-sonnet-4-5", time, false, input, read, written, output, hour, "\"x\"");
}
