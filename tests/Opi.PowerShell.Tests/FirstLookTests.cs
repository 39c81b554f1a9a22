using System.Management.Automation;

namespace Opi.PowerShell.Tests;

/// <summary>What the commands read where nothing is named: Opi's sessions, or all logs where Opi has none.</summary>
[Collection(nameof(Environment))]
public sealed class FirstLookTests : EngineTest
{
    private static readonly string[] Homes = ["HOME", "LOCALAPPDATA", "APPDATA", "USERPROFILE"];

    [Fact]
    public void Without_arguments_costs_are_an_overview_where_there_are_only_logs_of_other_agents() => AtHome(() =>
    {
        WriteLog(DateTimeOffset.UtcNow);

        Assert.Equal(["Day ClaudeCode", "Week ClaudeCode", "Month ClaudeCode"], Rows("Get-OpiCost -Verbose 4> $null", "Period", "Source"));
        Assert.Equal(["c1"], Rows("Get-OpiCost -By Session", "SessionId"));
        Assert.Equal(["c1"], Rows("Get-OpiCost -Since 7d", "SessionId"));
        Assert.Equal(["c1"], Rows("Get-OpiCost -Total | Where-Object -Not IsTotal", "SessionId"));
        Assert.Equal(["c1"], Rows("Get-OpiCost -Source All", "SessionId"));
    });

    [Fact]
    public void Where_nothing_is_of_this_month_a_warning_says_so() => AtHome(() =>
    {
        WriteLog(DateTimeOffset.UtcNow.AddMonths(-2));

        RunResult result = Engine.Run("Get-OpiCost").WithoutErrors();

        Assert.Empty(result.Output);
        Assert.Contains("Get-OpiCost -By Month", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(["c1"], Rows("Get-OpiCost -By Session", "SessionId"));
    });

    [Fact]
    public void Without_arguments_costs_are_of_sessions_where_Opi_has_one() => AtHome(() =>
    {
        WriteLog(DateTimeOffset.UtcNow);
        string id = Engine.One<OpiSession>("($s = New-OpiSession $model)").Id;
        Engine.Run("$s | Add-OpiTurn -User q -Assistant a -InputTokens 100; $s | Close-OpiSession").WithoutErrors();

        Assert.Equal([id], Rows("Get-OpiCost", "SessionId"));
    });

    [Fact]
    public void Without_a_log_there_is_no_row_and_no_warning() => AtHome(() =>
    {
        RunResult result = Engine.Run("Get-OpiCost").WithoutErrors();

        Assert.Empty(result.Output);
        Assert.Empty(result.Warnings);
    });

    [Fact]
    public void A_report_reads_what_costs_are_of() => AtHome(() =>
    {
        WriteLog(DateTimeOffset.UtcNow);
        Assert.Contains("claude-sonnet-4", Engine.One<string>("Export-OpiReport -Format Markdown -AsText"), StringComparison.Ordinal);

        Engine.Run("$s = New-OpiSession openai:gpt-4o; $s | Add-OpiTurn -User q -Assistant a -InputTokens 100; $s | Close-OpiSession").WithoutErrors();
        string text = Engine.One<string>("Export-OpiReport -Format Markdown -AsText");

        Assert.Contains("gpt-4o", text, StringComparison.Ordinal);
        Assert.DoesNotContain("claude-sonnet-4", text, StringComparison.Ordinal);
    });

    private string[] Rows(string script, params string[] properties)
    {
        var rows = new List<PSObject>();
        Engine.Set("rows", rows);
        Engine.Run(script + " | ForEach-Object { $rows.Add($_) }").WithoutErrors();
        return [.. rows.Select(row => string.Join(' ', properties.Select(name => row.Properties[name]?.Value)))];
    }

    private void WriteLog(DateTimeOffset time)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Folder, ".claude", "projects", "p")).FullName;
        File.WriteAllText(
            Path.Combine(folder, "c1.jsonl"),
            $$$"""{"type":"assistant","uuid":"u1","sessionId":"c1","cwd":"/a","timestamp":"{{{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}}}","requestId":"r1","message":{"id":"m1","role":"assistant","model":"claude-sonnet-4","content":[],"usage":{"input_tokens":10,"output_tokens":1} } }""" + "\n");
    }

    /// <summary>Runs a test where the user's folder is the test's, and no variable names another.</summary>
    private void AtHome(Action test)
    {
        var before = new Dictionary<string, string?>(StringComparer.Ordinal);
        try
        {
            foreach (string name in Environment.GetEnvironmentVariables().Keys.Cast<string>()
                .Where(name => name.StartsWith("OPI_", StringComparison.Ordinal) || name.StartsWith("XDG_", StringComparison.Ordinal)
                    || name is "CLAUDE_CONFIG_DIR" or "CODEX_HOME")
                .Concat(Homes)
                .ToArray())
            {
                before[name] = Environment.GetEnvironmentVariable(name);
                Environment.SetEnvironmentVariable(name, Homes.Contains(name) ? Folder : null);
            }

            test();
        }
        finally
        {
            foreach ((string name, string? value) in before)
            {
                Environment.SetEnvironmentVariable(name, value);
            }
        }
    }
}
