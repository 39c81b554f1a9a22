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

    private static UsageScanResult Scan(params string[] paths) => UsageScan.Run(new UsageQuery { Sources = Enum.GetValues<UsageSource>(), Paths = paths });

    private static string Answer(string id, int tokens) => Make.Line(new MessageEntry(
        id, null, string.Create(CultureInfo.InvariantCulture, $"2026-05-22T12:00:0{tokens}Z"), Make.Assistant("ok", new Usage(tokens, 0), "claude-sonnet-4-5", "anthropic")));
}
