using Opi.Tests;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace Opi.PowerShell.Tests;

/// <summary>-Since and -Until, which every cmdlet takes in the same forms.</summary>
public sealed class TimeParameterTests : EngineTest
{
    public TimeParameterTests()
    {
        // Rows of five moments around a day, in UTC.
        string[] times =
            ["2026-03-31T21:59:59Z", "2026-03-31T22:00:00Z", "2026-04-01T00:00:00Z", "2026-04-01T23:59:59.9999999Z", "2026-04-02T00:00:00Z"];
        File.WriteAllLines(Log, times.Select((time, i) => ClaudeLog.Line($"m{i}", time)));
        Engine.Set("log", Log);
    }

    private string Log => Path.Combine(Folder, "claude.jsonl");

    public static TheoryData<string, string> Refused
    {
        get
        {
            string[] values =
            [
                "7", "(7)", "20260401.5", "2026", "202604", "20261301", "'20260230'", "''", "' '", "$null", "@()", "@('2026-04-01')",
                "('2026-04-01', '2026-04-02')", "'04/01/2026'",
                "'1.4.2026'", "'2026-4-1'", "'2026-04-01T25:00'", "'2026-04-01T10'", "'tomorrow'", "'7w'",
                "'-7d'", "'7 d'", "'1.5d'", "'d'", "'99999999999d'", "'999999999d'",
                "'٧d'", "'noon'", "$true", "@{}", "([timespan]'-1')", "([io.directoryinfo]'/')", "'2026-04-01,2026-04-02'", "1kb",
            ];
            var data = new TheoryData<string, string>();
            foreach (string value in values)
            {
                data.Add("Since", value);
                data.Add("Until", value);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_not_a_time_is_an_error_in_every_cmdlet(string parameter, string value)
    {
        Type[] cmdlets = [.. Conventions.Cmdlets.Where(cmdlet => cmdlet.GetProperty("Since") is not null)];
        Assert.True(cmdlets.Length >= 4);
        Assert.All(cmdlets, cmdlet =>
        {
            IEnumerable<string> others = Conventions.ParametersOf(cmdlet)
                .Where(given => given.GetCustomAttributes<ParameterAttribute>().All(IsAlwaysNeeded))
                .Select(given => $"-{given.Name} 1");
            ErrorRecord error = Engine.Run($"{Conventions.NameOf(cmdlet)} {string.Join(' ', others)} -{parameter} {value}").BindingError(parameter);
            Assert.StartsWith("ParameterArgumentTransformationError", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        });
    }

    private static bool IsAlwaysNeeded(ParameterAttribute attribute) =>
        attribute is { Mandatory: true, ParameterSetName: ParameterAttribute.AllParameterSets };

    [Theory]
    [InlineData("-Since 2026-04-01", 3)]
    [InlineData("-Since 20260401", 3)]
    [InlineData("-Since '20260401'", 3)]
    [InlineData("-Since ' 2026-04-01 '", 3)]
    [InlineData("-Since (20260401)", 3)]
    [InlineData("-Since 20260401L", 3)]
    [InlineData("-Since 2026-04-01T00:00", 3)]
    [InlineData("-Since '2026-04-01 00:00:00'", 3)]
    [InlineData("-Since 2026-04-01T00:00:00Z", 3)]
    [InlineData("-Since 2026-04-01T02:00:00+02:00", 3)]
    [InlineData("-Since 2026-04-01T00:00:00.0000001Z", 2)]
    [InlineData("-Since ([dateonly]'2026-04-01')", 3)]
    [InlineData("-Since ([datetime]'2026-04-01')", 3)]
    [InlineData("-Since ([datetimeoffset]'2026-04-01T00:00:00Z')", 3)]
    [InlineData("-Since ([datetime]::SpecifyKind([datetime]'2026-04-01', 'Utc'))", 3)]
    [InlineData("-Since 7d", 0)]
    [InlineData("-Since 7D", 0)]
    [InlineData("-Since '7d'", 0)]
    [InlineData("-Since 24h", 0)]
    [InlineData("-Since 90m", 0)]
    [InlineData("-Since 99999d", 5)]
    [InlineData("-Since ([timespan]::FromDays(1))", 0)]
    [InlineData("-Since ([timespan]::FromDays(99999))", 5)]
    [InlineData("-Since today", 0)]
    [InlineData("-Since Yesterday", 0)]
    [InlineData("-Since 0001-01-01", 5)]
    [InlineData("-Until 2026-04-01", 4)] // with its day
    [InlineData("-Until 20260401", 4)]
    [InlineData("-Until ([dateonly]'2026-04-01')", 4)]
    [InlineData("-Until ([datetime]'2026-04-01')", 4)] // the same as its text
    [InlineData("-Until 2026-04-01T00:00", 2)]
    [InlineData("-Until 2026-04-01T00:00:00Z", 2)]
    [InlineData("-Until ([datetime]'2026-04-01T00:00:01')", 3)]
    [InlineData("-Until ([datetimeoffset]'2026-04-01T00:00:00Z')", 2)]
    [InlineData("-Until 99999d", 0)]
    [InlineData("-Until today", 5)]
    [InlineData("-Until 9999-12-31", 5)]
    [InlineData("-Since 2026-04-01 -Until 2026-04-01", 2)]
    [InlineData("-Since 2026-04-01T00:00 -Until 2026-04-01T00:00", 0)]
    public void A_time_means_the_same_in_every_cmdlet(string span, int rows)
    {
        Assert.Equal(rows, Engine.All<OpiUsage>($"Get-OpiUsage $log -TimeZone UTC {span}").Count);
        Assert.Equal(rows, Engine.All<OpiCost>($"Get-OpiCost -Source ClaudeCode -LogPath $log -By Response -TimeZone UTC {span}").Count);
        Assert.Equal(rows, Engine.All<OpiCost>($"Get-OpiUsage $log | Get-OpiCost -By Response -TimeZone UTC {span}").Count);
    }

    [Theory] // Berlin's first of April begins at 22:00 UTC
    [InlineData("-Since 2026-04-01 -Until 2026-04-01", 2)]
    [InlineData("-Since ([datetime]'2026-04-01') -Until ([datetime]'2026-04-01')", 2)]
    [InlineData("-Since 2026-04-01T00:00:00 -Until 2026-04-02T00:00:00", 2)]
    [InlineData("-Since 2026-04-01T00:00:00Z", 3)]
    public void A_time_without_an_offset_is_one_of_the_time_zone(string span, int rows)
    {
        Assert.Equal(rows, Engine.All<OpiUsage>($"Get-OpiUsage $log -TimeZone '{Zones.IdOf("Europe/Berlin")}' {span}").Count);
        Assert.Equal(rows, Engine.All<OpiCost>($"Get-OpiCost -Source ClaudeCode -LogPath $log -By Response -TimeZone '{Zones.IdOf("Europe/Berlin")}' {span}").Count);
    }

    [Fact]
    public void Without_a_time_zone_it_is_local_in_every_form()
    {
        DateTime local = DateTimeOffset.Parse("2026-04-01T00:00:00Z", CultureInfo.InvariantCulture).LocalDateTime;
        string text = local.ToString("s", CultureInfo.InvariantCulture);
        string date = local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        Assert.Equal(3, Engine.All<OpiUsage>($"Get-OpiUsage $log -Since {text}").Count);
        Assert.Equal(3, Engine.All<OpiUsage>($"Get-OpiUsage $log -Since ([datetime]'{text}')").Count);
        Assert.Equal(
            Engine.All<OpiUsage>($"Get-OpiUsage $log -Since {date} -Until {date}").Count,
            Engine.All<OpiUsage>(
                $"Get-OpiUsage $log -Since ([datetime]'{date}') -Until ([datetime]::SpecifyKind([datetime]'{date}', 'Local'))").Count);
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("th-TH")]
    [InlineData("fa-IR")]
    [InlineData("ar-SA")]
    public void The_culture_does_not_count(string culture) =>
        Assert.Equal(3, Engine.All<OpiUsage>($"[cultureinfo]::CurrentCulture = '{culture}'; Get-OpiUsage $log -TimeZone UTC -Since 20260401").Count);

    [Theory]
    [InlineData("Get-OpiUsage $log", "GetOpiUsage")]
    [InlineData("Get-OpiCost -Source ClaudeCode -LogPath $log", "GetOpiCost")]
    [InlineData("Get-OpiSession -Folder $folder", "GetOpiSession")]
    [InlineData("Export-OpiReport $folder/x.html", "ExportOpiReport")]
    public void A_span_that_ends_before_it_begins_is_an_error(string command, string type) =>
        Engine.Run($"{command} -Since 2026-05-01 -Until 2026-04-01").Error($"SinceAfterUntil,Opi.PowerShell.Commands.{type}Command");

    [Fact]
    public void The_current_period_and_a_later_Since_both_count() =>
        Assert.Equal(
            0,
            Engine.One<OpiCost>("""
                $now = [datetimeoffset]::Now
                [pscustomobject]@{ Timestamp = $now.AddSeconds(-1); Source = 'Codex'; Model = 'm'; InputTokens = 1; OutputTokens = 0 } |
                    Get-OpiCost -By Day -Current -Since $now.AddHours(1) -WarningAction SilentlyContinue
                """).Responses);

    [Fact]
    public void Sessions_are_found_by_local_days()
    {
        NewSession(turns: 1);
        string today = DateTime.Now.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

        Assert.Single(Engine.Run($"Get-OpiSession -Folder $folder -Since {today} -WarningAction SilentlyContinue").WithoutErrors().Output);
        Assert.Single(Engine.Run("Get-OpiSession -Folder $folder -Since today -Until today -WarningAction SilentlyContinue").WithoutErrors().Output);
        Assert.Single(Engine.Run("Get-OpiSession -Folder $folder -Since 1h -WarningAction SilentlyContinue").WithoutErrors().Output);
        Assert.Empty(Engine.Run("Get-OpiSession -Folder $folder -Until yesterday -WarningAction SilentlyContinue").WithoutErrors().Output);
    }
}
