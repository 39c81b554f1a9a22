using System.Globalization;

namespace Opi.Tests;

public class LedgerScanTests
{
    [Fact]
    public void What_the_logs_lost_is_in_the_ledger_and_what_they_still_have_is_counted_once()
    {
        using var folder = new TempFolder();
        string log = folder.Write(Make.File(Answer("m1", 1), Answer("m2", 2), Answer("m3", 3)));
        IReadOnlyList<OpiUsage> rows = Scan(log).Rows;
        var ledger = new UsageLedger(folder.File("ledger"));
        ledger.Add(rows, TimeSpan.Zero);
        File.WriteAllText(log, Make.File(Answer("m3", 3), Answer("m4", 4)));

        IReadOnlyList<OpiUsage> kept = Scan(ledger.Folder).Rows;
        IReadOnlyList<OpiUsage> all = Scan(log, ledger.Folder).Rows;

        Assert.Equal(rows.Select(row => row with { Path = null }), kept.Select(row => row with { Path = null }));
        Assert.Equal([1L, 2L, 3L, 4L], all.Select(row => row.InputTokens).Order());
        Assert.All(all, row => Assert.Equal(UsageSource.Opi, row.Source));
        Assert.Equal(log, all.Single(row => row.InputTokens == 3).Path); // the log's own row, where there is one
    }

    [Fact]
    public void Damaged_lines_of_the_ledger_are_a_finding()
    {
        using var folder = new TempFolder();
        var ledger = new UsageLedger(folder.File("ledger"));
        ledger.Add(Scan(folder.Write(Make.File(Answer("m1", 1)))).Rows, TimeSpan.Zero);
        File.AppendAllText(ledger.Files()[0], "nonsense\n{\"torn");

        UsageScanResult result = Scan(ledger.Folder);

        Assert.Single(result.Rows);
        Assert.Equal((ledger.Files()[0], UsageSource.Ledger, 2), (Assert.Single(result.Findings).Path, result.Findings[0].Source, result.Findings[0].SkippedLines));
    }

    [Theory]
    [InlineData("2026-05-01T00:00:00Z", "2026x05x01T00:00:00Z", null)]
    [InlineData("2026-05-01T00:00:00Z", "2026-05-01T00.00.00Z", null)]
    [InlineData("2026-05-01T00:00:00Z", "", null)]
    [InlineData("2026-05-01T00:00:00Z", "2026-05-01T02:00:00+02:00", "2026-05-01T00:00:00Z")]
    [InlineData("2026-05-01T00:00:00Z", "2026-05-01T00:00:00.25Z", "2026-05-01T00:00:00.25Z")]
    public void A_time_is_read_as_ISO_8601_or_its_line_is_damage(string now, string later, string? expected)
    {
        using var folder = new TempFolder();
        var ledger = new UsageLedger(folder.File("ledger"));
        ledger.Add([new() { Key = "k", Source = UsageSource.Codex, Timestamp = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero) }], TimeSpan.Zero);
        string path = ledger.Files()[0];
        File.WriteAllText(path, SharedText.ReadAllText(path).Replace($"\"timestamp\":\"{now}", $"\"timestamp\":\"{later}", StringComparison.Ordinal));
        var damaged = new List<LedgerFinding>();

        IReadOnlyCollection<OpiUsage> rows = ledger.Read(damaged.Add);

        Assert.Equal(expected, rows.Count == 0 ? null : WireTime.ToText(rows.Single().Timestamp));
        Assert.Equal(expected is null ? 1 : 0, damaged.Count);
    }

    [Theory]
    [InlineData("\"source\":\"Codex\"", "\"source\":\"Zed\"", "source=Zed")]
    [InlineData("\"tier\":\"Standard\"", "\"tier\":\"Turbo\"", "tier=Turbo")]
    [InlineData("\"turn\":0", "\"turn\":0,\"audio_tokens\":7", "audio_tokens=7")]
    [InlineData("\"turn\":0", "\"turn\":0,\"carbon\":{\"g\":[1]}", "carbon.g=1")]
    [InlineData("\"turn\":0", "\"turn\":0,\"billing\":{\"moon_phase\":3}", "billing.moon_phase: of a later version")]
    [InlineData("\"turn\":0", "\"turn\":0,\"billing\":{\"tier\":\"Turbo\"}", "tier=Turbo")]
    [InlineData("\"turn\":0", "\"turn\":0,\"billing\":[]", "billing: of another form")]
    [InlineData("\"turn\":0", "\"turn\":0,\"rack\":\"c-1\",\"audio_tokens\":0", null)]
    public void A_line_of_a_later_version_is_kept_and_its_cost_incomplete(string now, string later, string? unknown)
    {
        using var folder = new TempFolder();
        var ledger = new UsageLedger(folder.File("ledger"));
        OpiUsage row = new()
        {
            Key = "k", Source = UsageSource.Codex, Provider = "openai", Model = "gpt-5", Timestamp = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero),
            InputTokens = 1_000_000, TotalTokens = 1_000_000,
        };
        ledger.Add([row], TimeSpan.Zero);
        string path = ledger.Files()[0];
        File.WriteAllText(path, SharedText.ReadAllText(path).Replace(now, later, StringComparison.Ordinal));

        UsageScanResult result = Scan(ledger.Folder);

        OpiUsage read = Assert.Single(result.Rows);
        Assert.Equal((1_000_000, "gpt-5"), (read.InputTokens, read.Model));
        Assert.Equal(unknown is null, read.Cost is not null);
        Assert.Equal(unknown is null ? 0 : 1, result.Unknown.Details.Count);
        Assert.Equal(unknown ?? "", read.Unknown());
        Assert.Empty(result.Findings);
        Assert.Equal(later.Contains("Zed", StringComparison.Ordinal) ? UsageSource.Other : UsageSource.Codex, read.Source);

        // Written into another ledger it keeps what it was.
        var copy = new UsageLedger(folder.File("copy"));
        copy.Add(result.Rows, TimeSpan.Zero);
        Assert.Contains(read.SourceName ?? "\"Codex\"", SharedText.ReadAllText(copy.Files()[0]), StringComparison.Ordinal);
        Assert.Equal(read.Unknown(), Assert.Single(Scan(copy.Folder).Rows).Unknown());
    }

    [Fact]
    public void What_is_billed_beside_the_counts_is_the_same_from_the_ledger()
    {
        using var folder = new TempFolder();
        string log = folder.Write(
            """
            {"isSidechain":false,"type":"assistant","sessionId":"s","timestamp":"2026-10-01T00:00:00Z","message":{"id":"m","role":"assistant","model":"claude-opus-4-6","usage":{"input_tokens":23000,"output_tokens":1000,"inference_geo":"us","server_tool_use":{"web_search_requests":2},"iterations":[{"type":"compaction","input_tokens":180000,"output_tokens":3500},{"type":"message","input_tokens":23000,"output_tokens":1000}]}}}
            {"isSidechain":false,"type":"assistant","sessionId":"s","timestamp":"2026-10-01T00:01:00Z","message":{"id":"n","role":"assistant","model":"claude-opus-4-6","usage":{"input_tokens":10,"output_tokens":1,"new_tokens":5}}}

            """);
        IReadOnlyList<OpiUsage> rows = Scan(log).Rows;
        Assert.Equal([207500L, 11], rows.Select(row => row.TotalTokens));
        Assert.Equal((true, 2, 183500L), (rows[0].Billing!.UsInference, rows[0].WebSearches, Assert.Single(rows[0].Billing!.Passes).ToUsage().TotalTokens));
        var ledger = new UsageLedger(folder.File("ledger"));
        ledger.Add(rows, TimeSpan.Zero);

        Assert.Equal(rows.Select(row => row with { Path = null }), Scan(ledger.Folder).Rows.Select(row => row with { Path = null }));
        Assert.Equal(0, ledger.Add(rows, TimeSpan.Zero).Updated);
    }

    [Fact]
    public void A_response_whose_bill_an_earlier_Opi_did_not_know_in_full_is_kept_again()
    {
        using var folder = new TempFolder();
        var ledger = new UsageLedger(folder.Path);
        OpiUsage plain = new() { Key = "k", Source = UsageSource.ClaudeCode, InputTokens = 5, TotalTokens = 5 };
        OpiUsage unclear = plain with { Billing = new BillingDetails { Unknown = ["new_tokens=5"] } };
        OpiUsage known = plain with { Tier = ServiceTier.Priority };

        Assert.Equal((1, 0), (ledger.Add([plain], TimeSpan.Zero).Added, ledger.Add([plain], TimeSpan.Zero).Updated));
        Assert.Equal(1, ledger.Add([unclear], TimeSpan.Zero).Updated);
        Assert.Equal(1, ledger.Add([known], TimeSpan.Zero).Updated);
        Assert.Equal(0, ledger.Add([plain, unclear, known], TimeSpan.Zero).Updated);
        Assert.Equal(ServiceTier.Priority, Assert.Single(ledger.Read()).Tier);
        Assert.Equal(ServiceTier.Priority, Assert.Single(Scan(ledger.Folder).Rows).Tier);
    }

    [Fact]
    public void A_message_of_Gemini_that_an_earlier_Opi_kept_for_each_time_counts_once()
    {
        using var folder = new TempFolder();
        var ledger = new UsageLedger(folder.Path);
        OpiUsage Row(string key, int tokens) => new() { Key = key, Source = UsageSource.Gemini, SessionId = "g", InputTokens = tokens, TotalTokens = tokens };
        ledger.Add([Row("gemini:g:m1:638950000000000000", 10), Row("gemini:g:m1:638950000050000000", 30), Row("gemini:g:m2", 5)], TimeSpan.Zero);

        Assert.Equal([5L, 30], ledger.Read().Select(row => row.InputTokens).Order());
        Assert.Equal(1, ledger.Add([Row("gemini:g:m1", 30)], TimeSpan.Zero).Known);
    }

    private static UsageScanResult Scan(params string[] paths) => UsageScan.Run(new UsageQuery { Sources = Enum.GetValues<UsageSource>(), Paths = paths });

    private static string Answer(string id, int tokens) => Make.Line(new MessageEntry(
        id, null, string.Create(CultureInfo.InvariantCulture, $"2026-05-22T12:00:0{tokens}Z"), Make.Assistant("ok", new Usage(tokens, 0), "claude-sonnet-4-5", "anthropic")));
}
