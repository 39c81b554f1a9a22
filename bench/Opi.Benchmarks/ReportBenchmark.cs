namespace Opi.Benchmarks;

/// <summary>Writing the page of HTML of a year of 200,000 responses, against reading these responses from a ledger.</summary>
internal static class ReportBenchmark
{
    private const int Rounds = 15;

    /// <summary>Runs the comparison. The ledger is generated where it is not there.</summary>
    public static void Run()
    {
        string folder = Path.Combine(Path.GetTempPath(), "opi-bench-report");
        YearLedger.Write(folder);
        IReadOnlyList<OpiUsage> rows = Read(folder);
        Comparison.Line($"{rows.Count} responses, {Write(rows) / 1e3:0} kB of HTML");
        PrintProcessorTime(rows);
        new Comparison(
            Contender.Of("Opi, the page of them", () => Write(rows)),
            Contender.Of("Opi, reading them", () => Read(folder))).Run(Rounds, "a run", 1);
    }

    /// <summary>What the page takes of a processor, which other work on the machine changes less than the time of the clock.</summary>
    private static void PrintProcessorTime(IReadOnlyList<OpiUsage> rows)
    {
        double[] times = new double[Rounds];
        for (int i = 0; i < Rounds; i++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            Write(rows);
            times[i] = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
        }

        Comparison.Line($"the page takes {Comparison.Spread([.. times.Order()])} ms of processor time");
    }

    private static IReadOnlyList<OpiUsage> Read(string folder) =>
        UsageScan.Run(new UsageQuery { Sources = [UsageSource.Ledger], Paths = [folder] }).Rows;

    private static int Write(IReadOnlyList<OpiUsage> rows)
    {
        var report = new UsageReport(PricingCatalog.Default, TimeZoneInfo.Utc);
        foreach (OpiUsage row in rows)
        {
            report.Add(row);
        }

        return report.ToText(new ReportOptions { WrittenAt = new DateTimeOffset(2026, 11, 30, 0, 0, 0, TimeSpan.Zero) }).Length;
    }
}
