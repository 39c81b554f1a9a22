using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace Opi.PowerShell.Tests;

/// <summary>What of a cost is known, where it is from, and what a row is in JSON and CSV.</summary>
public sealed class KnownCostTests : EngineTest
{
    [Fact]
    public void The_part_that_is_known_is_on_each_row_and_on_the_total()
    {
        // $0.30 a day at $3 a million, and on the second day a model that nobody knows.
        Write(
            Claude("1", "2026-03-10T10:00:00Z", "claude-sonnet-4-5", 100_000),
            Claude("2", "2026-03-11T10:00:00Z", "claude-sonnet-4-5", 100_000),
            Claude("3", "2026-03-11T11:00:00Z", "local-llm", 48));

        OpiCost[] rows = [.. Objects("Get-OpiCost -Source ClaudeCode -LogPath $log -By Day -TimeZone UTC -Total").Select(row => (OpiCost)row.BaseObject)];

        Assert.Equal(
            [(0.3m, 0.3m, 0L), (null, 0.3m, 1L), ((decimal?)null, 0.6m, 1L)],
            rows.Select(row => (row.TotalCost, row.KnownCost, row.UnpricedResponses)));
        Assert.All(rows, row => Assert.Equal(CostSource.List, row.CostSource));
        Assert.All(rows[1..], row => Assert.Equal((null, null, false), (row.InputCost, row.OutputCost, row.Priced)));
        string table = Engine.Show("Get-OpiCost -Source ClaudeCode -LogPath $log -By Day -TimeZone UTC -Total");
        Assert.Matches(@"2026-03-10 +\$0\.3000 ", table);
        Assert.Matches(@"2026-03-11 >= \$0\.3000 ".Replace(" >=", " +>=", StringComparison.Ordinal), table);
        Assert.Matches(@"Total +>= \$0\.6000 ", table);
    }

    [Theory] // a log has 0.2 for what is 0.3 by the list, and 0.7 for a model without a price
    [InlineData("Auto", "0.3", "0.7", CostSource.List, CostSource.Logged)]
    [InlineData("List", "0.3", null, CostSource.List, CostSource.None)]
    [InlineData("Billed", "0.2", "0.7", CostSource.Logged, CostSource.Logged)]
    public void Which_cost_counts_can_be_chosen(string choice, string? priced, string? unpriced, CostSource pricedFrom, CostSource unpricedFrom)
    {
        Write(
            """{"type":"session","version":3,"id":"p1","timestamp":"2026-02-01T00:00:00.000Z","cwd":"/w"}""",
            Pi("1", "anthropic", "claude-sonnet-4-5", 100_000, "0.2"),
            Pi("2", "lab", "house-model", 100_000, "0.7"));

        foreach (string script in new[]
        {
            $"Get-OpiUsage $log -CostFrom {choice} -WarningAction Ignore",
            $"Get-OpiCost -Source Pi -LogPath $log -By Response -CostFrom {choice} -WarningAction Ignore",
            $"Get-OpiUsage $log -WarningAction Ignore | Get-OpiCost -By Response -CostFrom {choice} -WarningAction Ignore",
        })
        {
            PSObject[] rows = Objects(script);

            Assert.Equal([Amount(priced), Amount(unpriced)], rows.Select(row => (decimal?)(row.Properties["TotalCost"] ?? row.Properties["Cost"]).Value));
            Assert.Equal([pricedFrom, unpricedFrom], rows.Select(row => (CostSource)row.Properties["CostSource"].Value));
        }

        static decimal? Amount(string? text) => text is null ? null : decimal.Parse(text, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Rows_by_session_tell_the_project_and_the_first_and_last_time()
    {
        Write(Claude("1", "2026-03-10T10:00:00Z", "claude-sonnet-4-5", 1), Claude("2", "2026-03-11T10:30:00.250Z", "claude-sonnet-4-5", 1));

        PSObject row = Assert.Single(Objects("Get-OpiCost -Source ClaudeCode -LogPath $log"));

        Assert.Equal(
            ["/home/me/app", "2026-03-10T10:00:00Z", "2026-03-11T10:30:00.25Z"],
            new[] { "Project", "First", "Last" }.Select(name => (string)row.Properties[name].Value));
        string table = Engine.Show("Get-OpiCost -Source ClaudeCode -LogPath $log");
        Assert.Matches("SessionId +Cost +First +Last +Tokens +Project", table);
        Assert.Matches(@"\d{4}-03-1\d \d\d:\d\d \d{4}-03-1\d \d\d:\d\d +2 app", table);
        Assert.DoesNotContain("Turns", table, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("th-TH")]
    [InlineData("ar-SA")]
    public void The_text_of_a_time_is_the_same_in_every_culture(string culture)
    {
        Write(Claude("1", "2026-03-10T23:30:00.125+02:00", "claude-sonnet-4-5", 1));

        string script = "(Get-OpiUsage $log).Time; (Get-OpiCost -Source ClaudeCode -LogPath $log -By Response).Time";
        Assert.Equal(
            ["2026-03-10T21:30:00.125Z", "2026-03-10T21:30:00.125Z"],
            Engine.Run($"[cultureinfo]::CurrentCulture = '{culture}'; {script}").WithoutErrors().Output);
    }

    [Fact]
    public void Enums_go_to_JSON_as_their_names()
    {
        // ConvertTo-Json writes the name of an enum of 64 bits, and the number of any other.
        Type[] enums =
        [
            .. typeof(OpiUsage).Assembly.GetExportedTypes()
                .Where(type => type.Name.StartsWith("Opi", StringComparison.Ordinal) || type.Name.EndsWith("Message", StringComparison.Ordinal)
                    || type.Name.EndsWith("Pricing", StringComparison.Ordinal))
                .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
                .Select(property => Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)
                .Where(type => type.IsEnum && type.Assembly == typeof(OpiUsage).Assembly)
                .Distinct(),
        ];

        Assert.Contains(typeof(UsageSource), enums);
        Assert.Contains(typeof(CostSource), enums);
        Assert.Contains(typeof(ServiceTier), enums);
        Assert.All(enums, type => Assert.Equal(typeof(long), Enum.GetUnderlyingType(type)));
    }

    [Fact]
    public void A_sum_beyond_what_a_number_holds_is_known_in_part()
    {
        string largest = decimal.MaxValue.ToString(CultureInfo.InvariantCulture);
        Write(
            """{"type":"session","version":3,"id":"p1","timestamp":"2026-02-01T00:00:00.000Z","cwd":"/w"}""",
            Pi("1", "lab", "house-model", 1, largest),
            Pi("2", "lab", "house-model", 1, largest));

        RunResult result = Engine.Run("Get-OpiCost -Source Pi -LogPath $log -By Source -Total").WithoutErrors();

        Assert.All(
            result.Output.Cast<OpiCost>(),
            row => Assert.Equal((null, decimal.MaxValue, 1L), (row.TotalCost, row.KnownCost, row.UnpricedResponses)));
        Assert.Contains("1 response costs too much to be added", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Matches(@">= \$7\.9\d?E\+28", Engine.Show("Get-OpiCost -Source Pi -LogPath $log -By Source"));
        Engine.Run("Get-OpiUsage $log | Export-OpiReport \"$folder/r.html\"").WithoutErrors();
        Assert.Contains("costs too much to be added", File.ReadAllText(Path.Combine(Folder, "r.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_counts_what_is_unknown_as_the_rows_do()
    {
        Write(
        [
            """{"type":"session","version":3,"id":"p1","timestamp":"2026-02-01T00:00:00.000Z","cwd":"/w"}""",
            .. Enumerable.Range(1, 5).Select(i => Pi($"{i}", "lab", $"house-model-{i}", 1000, $"0.0{i}")),
            Pi("6", "lab", "house-model-6", 1000, "0"),
        ]);
        OpiCost total = (OpiCost)Objects("Get-OpiCost -Source Pi -LogPath $log -By Source -WarningAction Ignore")[0].BaseObject;
        Assert.Equal((0.15m, 1L), (total.KnownCost, total.UnpricedResponses));

        Engine.Run("Get-OpiUsage $log -WarningAction Ignore | Export-OpiReport \"$folder/r.html\"").WithoutErrors();

        string page = File.ReadAllText(Path.Combine(Folder, "r.html"));
        Assert.Contains("1 response has no price: lab:house-model-6.", page, StringComparison.Ordinal);
        Assert.Contains("$0.1500", page, StringComparison.Ordinal);
    }

    private void Write(params string[] lines)
    {
        string path = Path.Combine(Folder, "log.jsonl");
        File.WriteAllLines(path, lines);
        Engine.Set("log", path);
    }

    private PSObject[] Objects(string script)
    {
        var list = new List<PSObject>();
        Engine.Set("list", list);
        Engine.Run(script + " | ForEach-Object { $list.Add($_) }").WithoutErrors();
        return [.. list];
    }

    private static string Claude(string id, string time, string model, long input) =>
        $$"""{"type":"assistant","sessionId":"s","timestamp":"{{time}}","cwd":"/home/me/app","requestId":"r{{id}}","message":{"id":"m{{id}}","role":"assistant","model":"{{model}}","usage":{"input_tokens":{{input}},"output_tokens":0} } }""";

    private static string Pi(string id, string provider, string model, long input, string cost) =>
        $$"""{"type":"message","id":"{{id}}","parentId":null,"timestamp":"2026-07-0{{id}}T10:00:00Z","message":{"role":"assistant","content":[],"provider":"{{provider}}","model":"{{model}}","usage":{"input":{{input}},"output":0,"cacheRead":0,"cacheWrite":0,"cost":{"total":{{cost}} } } } }""";
}
