using System.Globalization;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;

namespace Opi.PowerShell.Tests;

/// <summary>The queries of docs/ledger.md, run by DuckDB as they stand there, beside what Get-OpiCost says of the same ledgers.</summary>
public sealed partial class LedgerQueryTests : EngineTest, IDisposable
{
    private static readonly string[] Models = ["claude-sonnet-4-5", "claude-opus-4-5-20251101", "gpt-5.4", "gemini-2.5-pro", "no-such-model-9"];
    private static readonly string[] Providers = ["anthropic", "anthropic", "openai", "google", "lab"];

    private readonly DuckDBConnection _duck = new("DataSource=:memory:");

    public LedgerQueryTests()
    {
        _duck.Open();
        Engine.GoTo(Folder);
        Engine.Run("[cultureinfo]::CurrentCulture = ''").WithoutErrors();
    }

    private static string Page => File.ReadAllText(Path.Combine(Repository.Root, "docs", "ledger.md"));

    [Theory]
    [InlineData("de-DE")]
    [InlineData("en-US")]
    public void The_queries_of_the_documentation_agree_with_Get_OpiCost(string culture)
    {
        MakeFleet(seed: 5);
        string[] queries = [.. Blocks("sql")];
        Run(queries[0]);

        IEnumerable<string> tokens = Rows(queries[1]).Select(row =>
            $"{Day(row[0])} {Model(row[1])} {row[2]} responses, {row[3]} {row[4]} {row[5]} {row[6]}");
        IReadOnlyList<string> expected = Engine.All<string>("""
            Get-OpiCost -Source Ledger -LogPath fleet -By Day, Model -TimeZone UTC -WarningAction Ignore | ForEach-Object {
                "$($_.Day ?? 'none') $($_.Model ?? 'none') $($_.Responses) responses, " +
                    "$($_.InputTokens) $($_.OutputTokens) $($_.CacheReadTokens) $($_.CacheWriteTokens)"
            }
            """);
        Assert.Equal(expected.Order(StringComparer.Ordinal), tokens.Order(StringComparer.Ordinal));
        Assert.InRange(expected.Count, 50, 1000);

        RunResult prices = Engine.Run($"[cultureinfo]::CurrentCulture = '{culture}'; {Blocks("powershell").First()}");
        Assert.Empty(prices.Errors);
        string[] statements = queries[2].Split(";\n", StringSplitOptions.RemoveEmptyEntries);
        Run(statements[0]);
        Run(statements[1]);

        IEnumerable<string> costs = Rows(statements[2]).Select(row => string.Create(
            CultureInfo.InvariantCulture, $"{row[0]} {row[1]} {row[2]} {Convert.ToDecimal(row[3], CultureInfo.InvariantCulture):F2}, {row[4]} not priced"));
        IReadOnlyList<string> own = Engine.All<string>("""
            Get-OpiCost -Source Ledger -LogPath fleet -By Machine, User, Month -TimeZone UTC -CostFrom List -WarningAction Ignore | ForEach-Object {
                "$($_.Machine) $($_.User) $($_.Month) $($_.KnownCost.ToString('F2', [cultureinfo]::InvariantCulture)), $($_.UnpricedResponses) not priced"
            }
            """);
        Assert.Equal(own.Order(StringComparer.Ordinal), costs.Order(StringComparer.Ordinal));
        Assert.Contains(own, cost => !cost.EndsWith(", 0 not priced", StringComparison.Ordinal));
    }

    [Fact]
    public void The_layout_by_month_and_machine_is_read_by_both()
    {
        MakeFleet(seed: 6);
        string script = Blocks("powershell").ElementAt(1);
        foreach (string machine in Directory.GetDirectories(Path.Combine(Folder, "fleet")))
        {
            Engine.Set("ledger", machine);
            Engine.Set("machine", Path.GetFileName(machine));
            Engine.Run(script.Replace("\"fleet/", "\"lake/", StringComparison.Ordinal)).WithoutErrors();
        }

        Assert.NotEmpty(Directory.GetFiles(Path.Combine(Folder, "lake", "month=2026-10", "machine=ci-1")));
        Run(Blocks("sql").First().Replace("'fleet/", "'lake/", StringComparison.Ordinal));
        object?[] sum = Rows("SELECT count(*), sum(input_tokens) FROM responses").Single();

        var merged = Engine.One<OpiLedgerUpdate>("Update-OpiLedger all -From lake -WarningAction Ignore");
        var cost = Engine.All<OpiCost>("Get-OpiCost -Source Ledger -LogPath all -By Source -Total -WarningAction Ignore")[^1];
        var apart = Engine.All<OpiCost>("Get-OpiCost -Source Ledger -LogPath lake -By Source -Total -WarningAction Ignore")[^1];
        Assert.Equal(merged.Added, cost.Responses);
        Assert.Equal((sum[0]!.ToString(), sum[1]!.ToString()), (cost.Responses.ToString(CultureInfo.InvariantCulture), cost.InputTokens.ToString(CultureInfo.InvariantCulture)));
        Assert.Equal((cost.Responses, cost.InputTokens, cost.KnownCost), (apart.Responses, apart.InputTokens, apart.KnownCost));
    }

    public new void Dispose()
    {
        _duck.Dispose();
        base.Dispose();
    }

    /// <summary>Ledgers of three machines, with copies, streamed responses, other rates, long requests, a torn line and one of an older Opi.</summary>
    private void MakeFleet(int seed)
    {
        var random = new Random(seed);
        for (int machine = 1; machine <= 3; machine++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"ci-{machine}");
            var ledger = new UsageLedger(Path.Combine(Folder, "fleet", name)) { TimeProvider = new FixedTime(new DateTimeOffset(2026, 11, 20 + machine, 0, 0, 0, TimeSpan.Zero)) };
            for (int update = 0; update < 2; update++)
            {
                ledger.Add(Enumerable.Range(0, 400).Select(_ => Row(random, name)), TimeSpan.Zero);
            }
        }

        string file = Directory.GetFiles(Path.Combine(Folder, "fleet", "ci-2"), "usage-2026-10.jsonl").Single();
        File.AppendAllText(file, "{\"key\":\"torn\",\"timest");
    }

    private static OpiUsage Row(Random random, string machine)
    {
        int key = random.Next(900);
        int model = key % Models.Length;
        long write = random.Next(3) == 0 && Providers[model] == "anthropic" ? random.Next(5000) : 0;
        long read = model == 4 ? 0 : random.Next(4) == 0 ? 300_000 : random.Next(90_000);
        var row = new OpiUsage
        {
            Key = string.Create(CultureInfo.InvariantCulture, $"k{key}"),
            Timestamp = key % 50 == 7 ? null : new DateTimeOffset(2026, 10, 1 + (key % 28), key % 24, key % 60, 0, TimeSpan.Zero).AddMonths(key % 2),
            Source = UsageSource.ClaudeCode,
            Provider = key % 45 == 4 ? null : Providers[model],
            Model = Models[model],
            Machine = machine,
            User = key % 3 == 0 ? "ann" : "bob",
            Tier = random.Next(20) == 0 ? ServiceTier.Batch : ServiceTier.Standard,
            InputTokens = random.Next(20_000),
            OutputTokens = random.Next(4000),
            CacheReadTokens = read,
            CacheWriteTokens = write,
            CacheWrite1hTokens = write > 0 && key % 2 == 0 ? write / 2 : null,
            WebSearches = model == 0 && random.Next(9) == 0 ? 2 : 0,
            IsKnown = true,
        };
        return row with { TotalTokens = row.InputTokens + row.OutputTokens + row.CacheReadTokens + row.CacheWriteTokens };
    }

    private static IEnumerable<string> Blocks(string language) =>
        Block().Matches(Page).Where(block => block.Groups["language"].Value == language).Select(block => block.Groups["code"].Value);

    private static string Day(object? value) =>
        value is null ? "none" : Convert.ToString(value, CultureInfo.InvariantCulture) is { } text && DateTime.TryParse(text, CultureInfo.InvariantCulture, out DateTime day)
            ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : value.ToString()!;

    private static string Model(object? value) => value is null or "" ? "none" : value.ToString()!;

    private void Run(string query)
    {
        using DuckDBCommand command = Command(query);
        command.ExecuteNonQuery();
    }

    private List<object?[]> Rows(string query)
    {
        using DuckDBCommand command = Command(query);
        using DuckDBDataReader reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            object?[] row = new object?[reader.FieldCount];
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            }

            rows.Add(row);
        }

        return rows;
    }

    /// <summary>The query, with the folder of the test before the names of its files.</summary>
    private DuckDBCommand Command(string query)
    {
        DuckDBCommand command = _duck.CreateCommand();
        string folder = Folder.Replace('\\', '/');
        command.CommandText = Quoted().Replace(query, $"'{folder}/");
        return command;
    }

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("'(?=fleet/|lake/|prices\\.csv)")]
    private static partial Regex Quoted();

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
