using Opi.Tests;
using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell.Tests;

/// <summary>Get-OpiCost by days, projects and sources, with totals and budgets, and of rows that are piped in.</summary>
public sealed class GetOpiCostByTests : EngineTest
{
    private static readonly string Today = DateTime.Now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private readonly string _claude;

    public GetOpiCostByTests()
    {
        _claude = Path.Combine(Folder, "claude", "projects", "p");
        Directory.CreateDirectory(_claude);
        Write(
            Line("1", "2026-11-22T23:30:00.000Z", "claude-sonnet-4-5-20250929", 50_000, "/src/a"),
            Line("2", "2026-11-23T10:00:00.000Z", "claude-sonnet-4-5-20250929", 100_000, "/src/a"),
            Line("3", "2026-11-23T16:00:00.000Z", "claude-opus-4-1-20250805", 50_000, "/src/b"));
        Engine.Set("logs", Path.Combine(Folder, "claude"));
    }

    [Theory]
    [InlineData("UTC", "2026-11-22=1 2026-11-23=2")]
    [InlineData("Europe/Berlin", "2026-11-23=3")]
    [InlineData("+01:00", "2026-11-23=3")]
    [InlineData("-08:00", "2026-11-22=1 2026-11-23=2")]
    public void A_day_is_one_of_the_time_zone(string zone, string expected) =>
        Assert.Equal(expected, string.Join(' ', Objects($"Get-OpiCost -Source ClaudeCode -LogPath $logs -By Day -TimeZone '{(zone.Contains('/', StringComparison.Ordinal) ? Zones.IdOf(zone) : zone)}'").Select(row => $"{row.Properties["Day"].Value}={row.Properties["Responses"].Value}")));

    [Theory]
    [InlineData("Day", "2026-11-22,2026-11-23")]
    [InlineData("Week", "2026-11-16,2026-11-23")]
    [InlineData("Month", "2026-11")]
    [InlineData("Hour", "2026-11-22T23:00:00+00:00,2026-11-23T10:00:00+00:00,2026-11-23T16:00:00+00:00")]
    [InlineData("Block", "2026-11-22T23:00:00+00:00,2026-11-23T10:00:00+00:00,2026-11-23T16:00:00+00:00")]
    [InlineData("Project", "/src/a,/src/b")]
    [InlineData("Source", "ClaudeCode")]
    public void A_key_is_a_text_that_no_culture_changes(string by, string expected)
    {
        PSObject[] rows = Objects($"[cultureinfo]::CurrentCulture = 'de-DE'; Get-OpiCost -Source ClaudeCode -LogPath $logs -By {by} -TimeZone UTC");

        Assert.Equal(expected.Split(','), rows.Select(row => Assert.IsType<string>(row.Properties[by].Value)));
        Assert.All(rows, row => Assert.IsType<OpiCost>(row.BaseObject));
    }

    [Fact]
    public void Keys_come_first_in_the_order_that_was_asked_for_and_no_others_are_there()
    {
        PSObject[] rows = Objects("Get-OpiCost -Source ClaudeCode -LogPath $logs -By Project, Day, Model -TimeZone UTC");

        Assert.Equal(["Project", "Day", "Model", "SessionId", "Turns"], rows[0].Properties.Select(property => property.Name).Take(5));
        Assert.Equal(
            ["/src/a 2026-11-22 anthropic:claude-sonnet-4-5-20250929", "/src/a 2026-11-23 anthropic:claude-sonnet-4-5-20250929", "/src/b 2026-11-23 anthropic:claude-opus-4-1-20250805"],
            rows.Select(row => $"{row.Properties["Project"].Value} {row.Properties["Day"].Value} {row.Properties["Model"].Value}"));
        Assert.All(rows, row => Assert.Equal(rows[0].Properties.Select(property => property.Name), row.Properties.Select(property => property.Name)));
    }

    [Fact]
    public void Each_response_is_a_row_with_its_parts()
    {
        OpiResponseCost[] rows = [.. Objects("Get-OpiCost -Source ClaudeCode -LogPath $logs -By Response").Select(row => Assert.IsType<OpiResponseCost>(row.BaseObject))];

        Assert.Equal([0.15m, 0.3m], rows.Take(2).Select(row => row.InputCost));
        Assert.Equal(["msg_1", "msg_2", "msg_3"], rows.Select(row => row.ResponseId));
    }

    [Fact]
    public void A_total_is_the_last_row_and_says_that_it_is_one()
    {
        PSObject[] rows = Objects("Get-OpiCost -Source ClaudeCode -LogPath $logs -By Day -TimeZone UTC -Total");

        Assert.Equal([false, false, true], rows.Select(row => (bool)row.Properties["IsTotal"].Value));
        Assert.Null(rows[^1].Properties["Day"].Value);
        Assert.Equal(rows.Take(2).Sum(row => ((OpiCost)row.BaseObject).TotalCost), ((OpiCost)rows[^1].BaseObject).TotalCost);
        Assert.All(rows, row => Assert.Equal(rows[0].Properties.Select(property => property.Name), row.Properties.Select(property => property.Name)));
    }

    [Theory]
    [InlineData("-Since 2026-11-23 -TimeZone UTC", 2)]
    [InlineData("-Since 2026-11-23 -TimeZone Europe/Berlin", 3)] // a day of that zone
    [InlineData("-Since 2026-11-23T00:00:00Z -TimeZone Europe/Berlin", 2)]
    [InlineData("-Since ([datetimeoffset]'2026-11-23T00:00:00Z') -TimeZone Europe/Berlin", 2)]
    [InlineData("-Until 2026-11-22 -TimeZone UTC", 1)]
    [InlineData("-Until 2026-11-23 -TimeZone UTC", 3)] // with its day
    [InlineData("-Until 2026-11-23T00:00 -TimeZone UTC", 1)]
    [InlineData("-Model *opus*", 1)]
    [InlineData("-Project /src/a", 2)]
    public void Filters_leave_the_rest_out(string filter, int responses)
    {
        filter = filter.Replace("Europe/Berlin", $"'{Zones.IdOf("Europe/Berlin")}'", StringComparison.Ordinal);
        Assert.Equal(responses, Objects($"Get-OpiCost -Source ClaudeCode -LogPath $logs -By Source {filter}").Sum(row => ((OpiCost)row.BaseObject).Responses));
        Assert.Equal(responses, Objects($"Get-OpiUsage $logs | Get-OpiCost -By Source {filter}").Sum(row => ((OpiCost)row.BaseObject).Responses));
    }

    [Fact]
    public void Sessions_by_day_are_those_that_are_named_else_all_of_the_folder()
    {
        string first = StoredSession(turns: 2);
        StoredSession(turns: 3);

        OpiCost one = Objects($"Get-OpiCost {first} -Folder $folder -By Day").Select(row => (OpiCost)row.BaseObject).Single();
        OpiCost all = Objects("Get-OpiCost -Folder $folder -By Day").Select(row => (OpiCost)row.BaseObject).Single();
        OpiCost piped = Objects("Get-OpiSession -Folder $folder | Get-OpiCost -By Day").Select(row => (OpiCost)row.BaseObject).Single();

        Assert.Equal((first, 2, 0.0009m), (one.SessionId, one.Turns, one.TotalCost));
        Assert.Equal((5, 0.00225m), (all.Turns, all.TotalCost));
        Assert.Equal(all, piped);
    }

    [Theory]
    [InlineData("@() | Get-OpiCost -By Day")]
    [InlineData("Get-OpiCost -Source ClaudeCode -LogPath \"$folder/none*\" -By Day")]
    public void Nothing_costs_nothing(string script) => Assert.Empty(Engine.Run(script).Output);

    [Fact]
    public void A_budget_tells_what_is_left_and_whether_it_is_over()
    {
        PSObject[] rows = Objects("Get-OpiCost -Source ClaudeCode -LogPath $logs -Budget 0.5 -Period Day -TimeZone UTC -Until 2026-11-24");

        Assert.Equal([(0.35m, false), (-0.55m, true)], rows.Select(row => ((decimal)row.Properties["Remaining"].Value, (bool)row.Properties["OverBudget"].Value)));
        Assert.All(rows, row => Assert.Equal(0.5m, row.Properties["Budget"].Value));
    }

    [Fact]
    public void The_current_period_has_a_row_even_when_nothing_was_used()
    {
        PSObject now = Objects("Get-OpiCost -Source ClaudeCode -LogPath $logs -Budget 5 -Period Day")[^1];
        PSObject only = Assert.Single(Objects("Get-OpiCost -Source ClaudeCode -LogPath $logs -Budget 5 -Period Day -Current"));

        Assert.All([now, only], row => Assert.Equal(
            (Today, 0L, 0m, 5m, false),
            ((string)row.Properties["Day"].Value, ((OpiCost)row.BaseObject).Responses, ((OpiCost)row.BaseObject).TotalCost, (decimal)row.Properties["Remaining"].Value, (bool)row.Properties["OverBudget"].Value)));
    }

    [Fact]
    public void One_line_stops_a_script_that_is_over_budget()
    {
        NewSession(turns: 10);

        RunResult over = Engine.Run("if ((Get-OpiCost -Folder $folder -Budget 0.004 -Period Day -Current).OverBudget) { throw 'over' }; 'goes on'");
        RunResult within = Engine.Run("if ((Get-OpiCost -Folder $folder -Budget 5 -Period Day -Current).OverBudget) { throw 'over' }; 'goes on'");

        Assert.True(over.Terminated);
        Assert.Equal(["goes on"], within.WithoutErrors().Output);
    }

    [Fact]
    public void A_budget_that_a_model_without_price_makes_uncertain_is_neither_over_nor_not()
    {
        NewSession(turns: 1);
        Engine.Run("$null = $s | Add-OpiTurn -User q -Assistant a -Model acme:giant-1 -InputTokens 10").WithoutErrors();

        RunResult result = Engine.Run("Get-OpiCost -Folder $folder -Budget 5 -Period Day -Current | ForEach-Object { \"$($null -eq $_.OverBudget) $($null -eq $_.Remaining)\" }").WithoutErrors();
        Assert.Equal(["True True"], result.Output);
        Assert.Contains("acme:giant-1", Assert.Single(result.Warnings), StringComparison.Ordinal);

        Assert.Equal([true], Engine.Run("(Get-OpiCost -Folder $folder -Budget 0.0001 -Period Day -Current -WarningAction Ignore).OverBudget").WithoutErrors().Output);
    }

    [Theory]
    [InlineData("Get-OpiCost -Current -By Model", "CurrentNeedsPeriod,Opi.PowerShell.Commands.GetOpiCostCommand")]
    [InlineData("Get-OpiCost -Period Day -By Model, Project, Source", "TooManyGroupings,Opi.PowerShell.Commands.GetOpiCostCommand")]
    public void What_does_not_go_together_is_refused(string script, string id) => Engine.Run(script).Error(id);

    [Theory]
    [InlineData("Get-OpiCost -TimeZone Mars/Base", "TimeZone")]
    [InlineData("Get-OpiCost -TimeZone '+25:00'", "TimeZone")]
    [InlineData("Get-OpiCost -Since 24.11.2026", "Since")]
    [InlineData("Get-OpiCost -Budget -1", "Budget")]
    [InlineData("Get-OpiCost -By Day, Model, Project, Source", "By")]
    public void A_bad_value_names_its_parameter(string script, string parameter) => Engine.Run(script).BindingError(parameter);

    [Theory] // what remoting and CLIXML make of a row
    [InlineData("[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_))")]
    [InlineData("[pscustomobject]@{ Timestamp = $_.Timestamp.ToString('O'); Source = \"$($_.Source)\"; Model = $_.Model; Provider = $_.Provider; Project = $_.Project; InputTokens = \"$($_.InputTokens)\"; OutputTokens = '0' }")]
    public void Rows_of_other_machines_are_added_up_like_those_of_this_one(string copy)
    {
        string[] own = [.. Objects("Get-OpiUsage $logs | Get-OpiCost -By Day, Project, Model -TimeZone UTC").Select(Text)];
        string[] theirs = [.. Objects($"Get-OpiUsage $logs | ForEach-Object {{ {copy} }} | Get-OpiCost -By Day, Project, Model -TimeZone UTC").Select(Text)];

        Assert.Equal(3, own.Length);
        Assert.Equal(own, theirs);

        static string Text(PSObject row) =>
            string.Join(' ', new[] { "Day", "Project", "Model", "InputTokens", "TotalCost", "Responses" }.Select(name => Convert.ToString(row.Properties[name].Value, CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("Get-OpiUsage $logs")]
    [InlineData("Get-OpiCost -Source ClaudeCode -LogPath $logs -By Day, Project -Total -Budget 5")]
    [InlineData("Get-OpiCost -Source ClaudeCode -LogPath $logs -By Response")]
    public void All_properties_survive_serialisation(string script)
    {
        PSObject[] rows = Objects(script);
        PSObject[] copies = [.. rows.Select(row => (PSObject)PSSerializer.Deserialize(PSSerializer.Serialize(row)))];

        Assert.NotEmpty(rows);
        foreach ((PSObject row, PSObject copy) in rows.Zip(copies))
        {
            foreach (PSPropertyInfo property in row.Properties)
            {
                object? value = property.Value switch
                {
                    Enum name => name.ToString(),
                    DateTimeOffset time => time.ToString(CultureInfo.InvariantCulture), // as the serialiser writes it
                    _ => property.Value,
                };
                Assert.Equal(value, copy.Properties[property.Name].Value is PSObject bag ? bag.ToString() : copy.Properties[property.Name].Value);
            }
        }
    }

    [Fact]
    public void What_is_not_a_row_is_refused_and_the_others_go_on()
    {
        RunResult result = Engine.Run("@(42; Get-OpiUsage $logs) | Get-OpiCost -By Source");

        Assert.Single(result.Errors);
        Assert.Equal(3, ((OpiCost)Assert.Single(result.Output)!).Responses);
    }

    [Fact]
    public void A_row_that_cannot_be_read_leaves_no_sum_of_the_others()
    {
        RunResult result = Engine.Run("@(Get-OpiUsage $logs; 1..2 | % { [pscustomobject]@{ Timestamp = 'noon'; Source = 'Codex'; Model = 'm'; InputTokens = 1; OutputTokens = 1 } }) | Get-OpiCost -By Source");

        string message = result.Error("UsageNotReadable,Opi.PowerShell.Commands.GetOpiCostCommand").Exception.Message;
        Assert.StartsWith("2 of 5 rows of usage cannot be read, so nothing is added up. The first is row 4: Timestamp 'noon'", message, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void A_table_has_the_keys_first_and_fits_the_window()
    {
        using var engine = new Engine(width: 120);
        engine.Set("logs", Path.Combine(Folder, "claude"));

        string days = engine.Show("Get-OpiCost -Source ClaudeCode -LogPath $logs -By Day -TimeZone UTC -Total");
        Assert.Matches("Day +Cost +Responses", days);
        Assert.Matches("2026-11-23 +\\$1\\.05 +2 ", days);
        Assert.Matches("Total +\\$1\\.20 +3 ", days);
        Assert.Matches("Keys +Cost", engine.Show("Get-OpiCost -Source ClaudeCode -LogPath $logs -By Project, Source"));
        Assert.Matches("2026-11-23 +\\$1\\.05 +\\$0\\.5000 +-\\$0\\.5500 True", engine.Show("Get-OpiCost -Source ClaudeCode -LogPath $logs -By Day -TimeZone UTC -Budget 0.5"));
    }

    private PSObject[] Objects(string script)
    {
        // As they are, with the properties that the cmdlet gave them.
        var list = new List<PSObject>();
        Engine.Set("list", list);
        RunResult result = Engine.Run(script + " | ForEach-Object { $list.Add($_) }");
        Assert.Empty(result.Errors);
        return [.. list];
    }

    private static string Line(string id, string time, string model, long input, string project) =>
        $$"""{"type":"assistant","uuid":"u{{id}}","sessionId":"c{{id}}","cwd":"{{project}}","timestamp":"{{time}}","requestId":"r{{id}}","message":{"id":"msg_{{id}}","role":"assistant","model":"{{model}}","content":[],"usage":{"input_tokens":{{input}},"output_tokens":0} } }""";

    private void Write(params string[] lines) => File.WriteAllLines(Path.Combine(_claude, "c.jsonl"), lines);
}
