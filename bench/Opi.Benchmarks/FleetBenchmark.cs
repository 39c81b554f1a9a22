using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;

namespace Opi.Benchmarks;

/// <summary>Asks the ledgers of a fleet with DuckDB, by the queries of docs/ledger.md, and with Opi.</summary>
internal static partial class FleetBenchmark
{
    private const int Machines = 50;
    private const int Months = 12;

    public static void Run(string[] args)
    {
        string folder = Path.Combine(args.Length > 0 ? args[0] : Path.Combine(Path.GetTempPath(), "opi-fleet"), "fleet");
        int rows = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5_000_000;
        long bytes = FleetLedgers.Write(folder, Machines, Months, rows);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Machines} machines, {Months} months, {rows:N0} lines, {bytes / 1e6:N0} MB in '{folder}'"));

        string page = File.ReadAllText(PathOf("docs/ledger.md"));
        string[] queries =
            [.. Block().Matches(page).Select(block => block.Groups["code"].Value.Replace("'fleet/", $"'{folder}/", StringComparison.Ordinal))];
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        long before = Memory();
        Execute(duck, queries[0]);
        Measure("DuckDB, tokens by day and model", () => Count(duck, queries[1]));
        Measure("DuckDB, the same of November", () => Count(
            duck,
            queries[0].Replace("VIEW responses", "VIEW november", StringComparison.Ordinal)
                .Replace("usage-*", "usage-2026-11", StringComparison.Ordinal)
                + queries[1].Replace("FROM responses", "FROM november", StringComparison.Ordinal)));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  its peak of memory {(Memory() - before) / 1e6:N0} MB over the {before / 1e6:N0} MB of the process"));

        var since = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
        Measure("Opi, tokens by day and model of November", () => Groups(folder, since));
        if (args.Contains("all"))
        {
            Measure("Opi, tokens by day and model", () => Groups(folder, null));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  the peak of memory of the process {Memory() / 1e6:N0} MB"));
    }

    private static int Groups(string folder, DateTimeOffset? since)
    {
        var groups = new CostGroups([CostGrouping.Day, CostGrouping.Model], TimeZoneInfo.Utc, PricingCatalog.Default);
        PeriodCost.Read(new UsageQuery { Sources = [UsageSource.Ledger], Paths = [folder], Since = since }, groups, null, CancellationToken.None);
        return groups.ToRows().Count;
    }

    private static void Measure(string what, Func<int> work)
    {
        var clock = Stopwatch.StartNew();
        int rows = work();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what}: {clock.Elapsed.TotalSeconds:F1} s, {rows} rows"));
    }

    private static void Execute(DuckDBConnection duck, string query)
    {
        using DuckDBCommand command = duck.CreateCommand();
        command.CommandText = query;
        command.ExecuteNonQuery();
    }

    private static int Count(DuckDBConnection duck, string query)
    {
        using DuckDBCommand command = duck.CreateCommand();
        command.CommandText = query;
        using DuckDBDataReader reader = command.ExecuteReader();
        int rows = 0;
        do
        {
            while (reader.Read())
            {
                rows++;
            }
        }
        while (reader.NextResult());
        return rows;
    }

    private static long Memory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private static string PathOf(string file)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, file)))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder!.FullName, file);
    }

    [GeneratedRegex(@"^```sql\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
