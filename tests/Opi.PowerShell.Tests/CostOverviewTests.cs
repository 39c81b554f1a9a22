using System.Globalization;
using System.Management.Automation;
using Opi.PowerShell.Internal;

namespace Opi.PowerShell.Tests;

/// <summary>Get-OpiCost -Overview, its table, and the bars of reports.</summary>
public sealed class CostOverviewTests : EngineTest
{
    private static readonly string Today = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public CostOverviewTests()
    {
        string logs = Directory.CreateDirectory(Path.Combine(Folder, "logs")).FullName;
        string now = Today + "T00:00:01Z";
        string before = DateTime.UtcNow.AddMonths(-2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "T10:00:00Z";
        File.WriteAllLines(Path.Combine(logs, "a.jsonl"),
        [
            Line("1", now, "claude-3-7-sonnet", 1_000_000), Line("2", now, "nobody-knows-me", 10), Line("3", before, "claude-opus-4-1", 1_000_000),
        ]);
        Engine.Set("logs", logs);
    }

    [Fact]
    public void Rows_are_of_today_this_week_and_this_month_and_the_keys_of_each_come_first()
    {
        PSObject[] rows = Objects("Get-OpiCost -Overview -Source ClaudeCode -LogPath $logs -TimeZone UTC -By Model -Total -WarningAction Ignore");

        Assert.Equal(
            ["Day anthropic:claude-3-7-sonnet", "Day nobody-knows-me", "Day ", "Week anthropic:claude-3-7-sonnet", "Week nobody-knows-me", "Week ", "Month anthropic:claude-3-7-sonnet", "Month nobody-knows-me", "Month "],
            rows.Select(row => $"{row.Properties["Period"].Value} {(row.Properties["IsTotal"].Value is true ? null : row.Properties["Model"].Value)}"));
        Assert.Equal([3m, 0m, 3m], rows.Take(3).Select(row => ((OpiCost)row.BaseObject).KnownCost));
        Assert.Equal([3m, null, null], rows.Take(3).Select(row => ((OpiCost)row.BaseObject).TotalCost));
        Assert.All(rows, row => Assert.Equal(["Period", "Since", "Model"], row.Properties.Take(3).Select(property => property.Name)));
        Assert.Equal(Today, rows[0].Properties["Since"].Value);
        Assert.All(rows, row => Assert.IsType<OpiCost>(row.BaseObject));
    }

    [Theory]
    [InlineData("Day")]
    [InlineData("Week")]
    [InlineData("Month")]
    public void A_row_has_the_figures_that_its_period_has(string period)
    {
        OpiCost row = Objects($"Get-OpiCost -Overview -Source ClaudeCode -LogPath $logs -TimeZone UTC -WarningAction Ignore | Where-Object Period -eq {period}").Select(row => (OpiCost)row.BaseObject).Single();
        OpiCost piped = Objects($"Get-OpiUsage $logs -WarningAction Ignore | Get-OpiCost -Overview -TimeZone UTC -WarningAction Ignore | Where-Object Period -eq {period}").Select(row => (OpiCost)row.BaseObject).Single();
        OpiCost expected = (OpiCost)Objects($"Get-OpiCost -Period {period} -Current -Source ClaudeCode -LogPath $logs -TimeZone UTC -WarningAction Ignore").Single().BaseObject;

        Assert.Equal(expected, row);
        Assert.Equal(expected, piped);
    }

    [Theory]
    [InlineData("-Since today", "leave -Since out")]
    [InlineData("-Budget 3 -Period Day", "leave -Period and -Budget out")]
    [InlineData("-Current", "leave -Current out")]
    [InlineData("-By Day", "not by Day")]
    [InlineData("-By Source, Session", "not by Session")]
    public void What_does_not_go_with_it_is_refused(string more, string expected) =>
        Assert.Contains(expected, Engine.Run($"Get-OpiCost -Overview -Source ClaudeCode -LogPath $logs {more}").Error("NotInOverview,Opi.PowerShell.Commands.GetOpiCostCommand").Exception.Message, StringComparison.Ordinal);

    [Fact]
    public void The_table_has_a_line_a_period_and_source_with_its_bar()
    {
        string text = Engine.Show("Get-OpiCost -Overview -Source ClaudeCode -LogPath $logs -TimeZone UTC -Total -WarningAction Ignore");

        Assert.Matches("Period +Source +Cost +Responses +Tokens +Bar", text);
        Assert.Matches("Today +ClaudeCode +>= \\$3\\.00 +2 +1,000,010 \u2588{11}\\+", text);
        Assert.Matches("This month +Total +>= \\$3\\.00 +2 +1,000,010", text);
        Assert.All(text.Split('\n'), line => Assert.True(line.TrimEnd('\r').Length <= 80, line));
    }

    [Fact]
    public void Bars_are_of_one_scale_and_no_property_of_the_rows()
    {
        const string Days = "Get-OpiCost -Source ClaudeCode -LogPath $logs -By Day -TimeZone UTC -Model *sonnet*, *opus*";

        string[] lines = [.. Engine.Show($"{Days} | Format-Table -View Bars").Split('\n').Where(line => line.Contains('$', StringComparison.Ordinal))];

        Assert.Equal([42, 9], lines.Select(line => line.Count(letter => letter is > '\u2580' and < '\u2590'))); // 15 and 3 dollars: a fifth of 42
        Assert.Equal("Day", Objects(Days)[0].Properties.First().Name);
        Assert.DoesNotContain(Objects(Days)[0].Properties, property => property.Name is "Bar" or "Scale" or "Largest");
        Assert.Contains("Keys", Engine.Show("Get-OpiCost -Source ClaudeCode -LogPath $logs -By Model, Project -WarningAction Ignore | Format-Table -View Bars"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5", "\u2588{14}\u2593{28}$")] // 5 of 15 dollars
    [InlineData("20", "\u2588{42}$")]
    [InlineData("0", " \u2593{42}$")]
    public void What_is_beyond_a_budget_is_drawn_lighter(string budget, string expected)
    {
        string row = Engine.Show($"Get-OpiCost -Source ClaudeCode -LogPath $logs -By Model -Budget {budget} -Model *opus* | Format-Table -View Bars").TrimEnd();

        Assert.Matches(expected.Replace("42", "27", StringComparison.Ordinal).Replace("14", "9", StringComparison.Ordinal).Replace("28", "18", StringComparison.Ordinal), row);
    }

    [Fact]
    public void Rows_of_another_machine_have_no_bar_and_rows_made_safe_have_theirs()
    {
        PSObject row = Objects("Get-OpiCost -Source ClaudeCode -LogPath $logs -By Day -SafeForSpreadsheet -WarningAction Ignore")[0];
        var copy = (PSObject)PSSerializer.Deserialize(PSSerializer.Serialize(row));

        Assert.Equal(9, CostFormat.Bar(row, 10, null).Length);
        Assert.Equal("", CostFormat.Bar(copy, 10, null));
    }

    [Fact]
    public void Blocks_show_how_fast_the_money_goes()
    {
        string now = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:", CultureInfo.InvariantCulture);
        File.WriteAllLines(Path.Combine(Folder, "logs", "a.jsonl"),
        [
            Line("1", "2026-04-01T10:00:00Z", "claude-3-7-sonnet", 1_000_000), Line("2", "2026-04-01T10:30:00Z", "claude-3-7-sonnet", 1_000_000), Line("3", now + "00:00Z", "claude-3-7-sonnet", 1_000_000),
        ]);

        string text = Engine.Show("Get-OpiCost -Source ClaudeCode -LogPath $logs -By Block -TimeZone UTC");

        Assert.Matches("Block +Cost +BurnRate +Projected +Responses +Tokens", text);
        Assert.Matches("2026-04-01T10:00\\+00:00 +\\$6\\.00 +\\$12\\.00 +2 +2,000,000", text); // 6 dollars in half an hour
    }

    private PSObject[] Objects(string script)
    {
        var list = new List<PSObject>();
        Engine.Set("list", list);
        Assert.Empty(Engine.Run(script + " | ForEach-Object { $list.Add($_) }").Errors);
        return [.. list];
    }

    private static string Line(string id, string time, string model, long input) =>
        $$"""{"type":"assistant","uuid":"u{{id}}","sessionId":"c{{id}}","cwd":"/a","timestamp":"{{time}}","requestId":"r{{id}}","message":{"id":"msg_{{id}}","role":"assistant","model":"{{model}}","content":[],"usage":{"input_tokens":{{input}},"output_tokens":0} } }""";
}
