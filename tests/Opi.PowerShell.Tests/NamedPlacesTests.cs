using Opi.Tests;
using System.Management.Automation;

namespace Opi.PowerShell.Tests;

/// <summary>A folder, a source or a variable that somebody named has to be there; where a source keeps its logs by itself need not.</summary>
[Collection(nameof(Environment))]
public sealed class NamedPlacesTests : EngineTest
{
    private static readonly string[] Variables =
        ["HOME", "USERPROFILE", "LOCALAPPDATA", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "OPI_SESSIONS_DIR", "OPI_LEDGER_DIR", "CLAUDE_CONFIG_DIR", "CODEX_HOME", "PI_CODING_AGENT_DIR",
            "GEMINI_DATA_DIR", "GEMINI_CLI_HOME", "OPENCODE_DATA_DIR",
            "OPENCODE_DB", "KILO_DB", "KIMI_CODE_HOME", "KIMI_SHARE_DIR", "CLINE_DIR", "CLINE_DATA_DIR", "CLINE_SESSION_DATA_DIR", "GOOSE_PATH_ROOT", "CRUSH_GLOBAL_DATA"];

    public static TheoryData<string, string> AgentVariables => new()
    {
        { "ClaudeCode", "CLAUDE_CONFIG_DIR" },
        { "Codex", "CODEX_HOME" },
        { "Pi", "PI_CODING_AGENT_DIR" },
        { "Gemini", "GEMINI_DATA_DIR" },
        { "Gemini", "GEMINI_CLI_HOME" },
        { "OpenCode", "OPENCODE_DATA_DIR" },
        { "OpenCode", "OPENCODE_DB" },
        { "KiloCode", "KILO_DB" },
        { "Kimi", "KIMI_CODE_HOME" },
        { "Kimi", "KIMI_SHARE_DIR" },
        { "Cline", "CLINE_DIR" },
        { "Cline", "CLINE_DATA_DIR" },
        { "Cline", "CLINE_SESSION_DATA_DIR" },
        { "Goose", "GOOSE_PATH_ROOT" },
        { "Crush", "CRUSH_GLOBAL_DATA" },
        { "Opi", "OPI_SESSIONS_DIR" },
    };

    [Theory]
    [MemberData(nameof(AgentVariables))]
    public void A_folder_that_a_variable_names_has_to_be_there(string source, string variable)
    {
        string missing = Path.Combine(Folder, "missing");
        foreach (string which in new[] { source, "All" })
        {
            string report = $"Get-OpiCost -Source {which} -Budget 1 -Period Day -Current | ForEach-Object {{ \"over: [$($_.OverBudget)]\" }}";
            RunResult cost = InHome(report, (variable, missing));

            ErrorRecord error = cost.Error("SourceNotFound,Opi.PowerShell.Commands.GetOpiCostCommand");
            Assert.Contains(variable, error.Exception.Message, StringComparison.Ordinal);
            Assert.Contains(missing, error.Exception.Message, StringComparison.Ordinal);
            Assert.Equal(["over: []"], cost.Output); // neither over nor not

            InHome($"Get-OpiUsage -Source {which}", (variable, missing)).Error("SourceNotFound,Opi.PowerShell.Commands.GetOpiUsageCommand");
            RunResult guard = InHome($"Assert-OpiBudget 1 Day -Source {which} -AllowUnknown; 'spent'", (variable, missing));
            guard.Error("SourceNotFound,Opi.PowerShell.Commands.AssertOpiBudgetCommand");
            Assert.Empty(guard.Output);
        }
    }

    [Theory]
    [InlineData("ClaudeCode")]
    [InlineData("Codex")]
    [InlineData("Pi")]
    [InlineData("Gemini")]
    [InlineData("OpenCode")]
    [InlineData("Opi")]
    [InlineData("Ledger")]
    public void A_source_that_is_named_has_to_have_a_folder_and_one_that_All_stands_for_need_not(string source)
    {
        ErrorRecord error = InHome($"Get-OpiCost -Source {source}").Error("SourceNotFound,Opi.PowerShell.Commands.GetOpiCostCommand");
        Assert.Contains(Folder, error.Exception.Message, StringComparison.Ordinal);
        InHome($"Assert-OpiBudget 1 Day -Source {source}").Error("SourceNotFound,Opi.PowerShell.Commands.AssertOpiBudgetCommand");

        string all = "Assert-OpiBudget 1 Day -Source All; \"$((Get-OpiCost -Source All -Budget 1 -Period Day -Current).OverBudget)\"";
        Assert.Equal(["False"], InHome(all).WithoutErrors().Output);
    }

    [Fact]
    public void Of_several_folders_each_has_to_be_there_and_the_others_are_read()
    {
        Log("one/projects/p/a.jsonl");

        RunResult result = InHome("Get-OpiCost -Source ClaudeCode -By Source", ("CLAUDE_CONFIG_DIR", $"{Folder}/one, {Folder}/two"));

        Assert.Contains("two", result.Error("SourceNotFound,Opi.PowerShell.Commands.GetOpiCostCommand").Exception.Message, StringComparison.Ordinal);
        var row = (OpiCost)Assert.Single(result.Output)!;
        Assert.Equal((null, 0.3m, 1), (row.TotalCost, row.KnownCost, row.UnreadFiles));
    }

    [Fact]
    public void The_ledger_is_made_by_its_first_update()
    {
        string ledger = Path.Combine(Folder, "ledger");
        InHome("Get-OpiCost -Source All", ("OPI_LEDGER_DIR", ledger)).WithoutErrors();
        InHome("Get-OpiCost -Source Ledger", ("OPI_LEDGER_DIR", ledger)).Error("SourceNotFound,Opi.PowerShell.Commands.GetOpiCostCommand");
    }

    [Fact]
    public void A_folder_of_sessions_that_is_named_has_to_be_there()
    {
        RunResult result = InHome("Get-OpiCost -Folder \"$folder/none\" -Budget 1 -Period Day -Current");
        result.Error("PathNotFound,Opi.PowerShell.Commands.GetOpiCostCommand");
        Assert.Empty(result.Output);
        InHome("Get-OpiCost", ("OPI_SESSIONS_DIR", Path.Combine(Folder, "none"))).Error("SourceNotFound,Opi.PowerShell.Commands.GetOpiCostCommand");
        Assert.Empty(InHome("Get-OpiCost").WithoutErrors().Output); // nobody named one
    }

    [Fact]
    public void Without_a_source_usage_is_all_that_is_found_and_costs_are_so_on_a_machine_without_a_session()
    {
        Assert.Empty(InHome("Get-OpiUsage; Get-OpiCost").WithoutErrors().Output);

        Log(".claude/projects/p/a.jsonl");
        Assert.Equal(["ClaudeCode"], InHome("(Get-OpiUsage).Source.ToString()").WithoutErrors().Output);
        Assert.Equal(["0.3"], InHome("[string](Get-OpiCost -By Session).TotalCost").WithoutErrors().Output);
        Assert.Contains("no session of Opi", string.Concat(InHome("Get-OpiCost -Verbose").Verbose), StringComparison.Ordinal);

        InHome("($s = New-OpiSession $model) | Add-OpiTurn -User q -Assistant a -InputTokens 1000 -OutputTokens 0; $s | Close-OpiSession").WithoutErrors();
        Assert.Equal(["ClaudeCode Opi"], InHome("[string](Get-OpiUsage | Sort-Object { [string]$_.Source }).Source").WithoutErrors().Output);
        Assert.Equal(["0.003"], InHome("[string](Get-OpiCost).TotalCost").WithoutErrors().Output);
    }

    [Fact]
    public void Waste_without_a_source_is_of_all_that_is_found_on_a_machine_without_a_session()
    {
        string Answer(string id, int minute, int read, int written) =>
            $$$"""{"type":"assistant","sessionId":"s","timestamp":"2026-02-03T10:{{{minute:00}}}:00Z","cwd":"/p","requestId":"{{{id}}}","message":{"id":"{{{id}}}","role":"assistant","model":"claude-sonnet-4-5","usage":{"input_tokens":10,"cache_read_input_tokens":{{{read}}},"cache_creation_input_tokens":{{{written}}},"output_tokens":1} } }""";
        File.WriteAllLines(Log(".claude/projects/p/a.jsonl"), [Answer("r1", 0, 0, 20_000), Answer("r2", 1, 20_000, 1000), Answer("r3", 30, 0, 22_000)]);

        Assert.Equal(["CacheIdle"], InHome("[string](Get-OpiWaste).Kind").WithoutErrors().Output);

        InHome("($s = New-OpiSession $model) | Add-OpiTurn -User q -Assistant a -InputTokens 1000 -OutputTokens 0; $s | Close-OpiSession").WithoutErrors();
        Assert.Empty(InHome("Get-OpiWaste").WithoutErrors().Output); // that of Opi's sessions
    }

    [Fact]
    public void Without_a_home_the_places_are_reported_once()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // there the folder of the profile is asked for otherwise
        }

        Engine.GoTo(Folder);
        string warning = Assert.Single(InHome("Get-OpiCost -Source Opi, Ledger -ErrorAction Ignore", ("HOME", null)).Warnings);

        Assert.Contains("HOME", warning, StringComparison.Ordinal);
        Assert.Contains(".opi/sessions", warning, StringComparison.Ordinal);
        Assert.Contains(".opi/ledger", warning, StringComparison.Ordinal);
        string sessions = Directory.CreateDirectory(Path.Combine(Folder, "s")).FullName;
        Assert.Empty(InHome("Get-OpiCost", ("HOME", null), ("OPI_SESSIONS_DIR", sessions)).WithoutErrors().Warnings);
    }

    [Theory]
    [InlineData("ClaudeCode", ".claude/projects/p/a.jsonl")]
    [InlineData("Codex", ".codex/sessions/a.jsonl")]
    [InlineData("Pi", ".pi/agent/sessions/a.jsonl")]
    [InlineData("Ledger", ".local/share/opi/ledger/usage-THIS-MONTH.jsonl")] // an old one is not asked for what today cost
    public void A_log_that_may_not_be_read_makes_the_sum_incomplete(string source, string path)
    {
        path = path.Replace("THIS-MONTH", DateTime.UtcNow.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        using (new UnreadableFile(Log(path))) // as if it were another account's
        {
            foreach (string by in new[] { "Source", "Day", "Model" })
            {
                RunResult result = InHome($"Get-OpiCost -Source {source} -By {by} -Total").WithoutErrors();
                var total = (OpiCost)result.Output[^1]!;
                Assert.Equal((null, 0m, 1), (total.TotalCost, total.KnownCost, total.UnreadFiles));
                Assert.Contains(Path.GetFileName(path), Assert.Single(result.Warnings), StringComparison.Ordinal);
            }

            InHome($"Assert-OpiBudget 5 Day -Source {source}").Error("BudgetUnknown,Opi.PowerShell.Commands.AssertOpiBudgetCommand");
            InHome($"Assert-OpiBudget 5 Day -Source All").Error("BudgetUnknown,Opi.PowerShell.Commands.AssertOpiBudgetCommand");
        }
    }

    [SkippableFact]
    public void Many_files_that_cannot_be_read_are_one_warning_and_the_rest_is_for_Verbose()
    {
        Skip.If(OperatingSystem.IsWindows(), "users of Windows lack the right to make links");
        foreach (int i in Enumerable.Range(1, 5))
        {
            Directory.CreateDirectory(Path.Combine(Folder, ".claude/projects/p"));
            File.CreateSymbolicLink(Path.Combine(Folder, $".claude/projects/p/{i}.jsonl"), Path.Combine(Folder, "gone.jsonl"));
        }

        RunResult result = InHome("Get-OpiCost -Source ClaudeCode -Verbose").WithoutErrors();

        Assert.StartsWith("5 files and folders were not read. The first: ", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.All(Enumerable.Range(1, 5), i => Assert.Contains(result.Verbose, line => line.Contains($"{i}.jsonl", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_update_of_the_ledger_reads_no_logs_that_are_as_they_were_when_it_had_all_of_them()
    {
        string log = Log(".claude/projects/p/a.jsonl"), other = Log(".claude/projects/p/b.jsonl");
        File.WriteAllText(other, ClaudeLog.Line("m2", "2026-03-03T10:00:00Z") + "\n");
        DateTime hourAgo = DateTime.UtcNow.AddHours(-1);
        File.SetLastWriteTimeUtc(log, hourAgo);
        Assert.Equal((2, 0), Update()); // one was written just now
        Assert.Equal((0, 2), Update());
        File.SetLastWriteTimeUtc(other, hourAgo);
        Assert.Equal((0, 2), Update());

        // What is not read is known by the damage in it that nobody tells.
        string whole = File.ReadAllText(log);
        File.WriteAllText(log, new string('x', whole.Length));
        File.SetLastWriteTimeUtc(log, hourAgo);
        Assert.Equal((0, 2), Update());
        string months = Path.Combine(Folder, ".local", "share", "opi", "ledger"), kept = Directory.GetFiles(months, "*.seen").Single();
        byte[] seen = File.ReadAllBytes(kept);
        Assert.Equal((0, 2), Update());
        Assert.Equal(seen, File.ReadAllBytes(kept));

        File.SetLastWriteTimeUtc(log, hourAgo.AddSeconds(1));
        RunResult damaged = InHome("Update-OpiLedger").WithoutErrors();
        Assert.Contains("a.jsonl", Assert.Single(damaged.Warnings), StringComparison.Ordinal);
        Assert.Single(InHome("Update-OpiLedger").Warnings); // what was not read whole is told again

        // A month that is gone is read from the logs again.
        File.WriteAllText(log, whole);
        File.SetLastWriteTimeUtc(log, hourAgo);
        Assert.Equal((0, 2), Update());
        Assert.Equal((0, 2), Update());
        File.Delete(Path.Combine(months, "usage-2026-02.jsonl"));
        Assert.Equal((1, 1), Update());
        Assert.Equal((0, 2), Update());
        File.AppendAllText(other, ClaudeLog.Line("m3", "2026-03-03T11:00:00Z") + "\n");
        Assert.Equal((1, 2), Update());
        File.WriteAllText(Path.Combine(Folder, ".claude", "projects", "p", "c.jsonl"), ClaudeLog.Line("m4") + "\n");
        Assert.Equal((1, 3), Update());
        File.Delete(log);
        Assert.Equal((0, 3), Update());

        (long Added, long Known) Update()
        {
            RunResult result = InHome("Update-OpiLedger").WithoutErrors();
            Assert.Empty(result.Warnings);
            var update = (OpiLedgerUpdate)Assert.Single(result.Output)!;
            Assert.Equal(0, update.Updated);
            return (update.Added, update.Known);
        }
    }

    private string Log(string path)
    {
        string full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, """
            {"type":"assistant","sessionId":"s","timestamp":"2026-02-03T10:00:00Z","cwd":"/p","requestId":"r1","message":{"id":"m1","role":"assistant","model":"claude-sonnet-4-5","usage":{"input_tokens":100000,"output_tokens":0}}}

            """);
        return full;
    }

    /// <summary>Runs a script as a user whose folder is the test's, with some variables set and no other.</summary>
    private RunResult InHome(string script, params (string Name, string? Value)[] set)
    {
        Dictionary<string, string?> before = Variables.ToDictionary(name => name, Environment.GetEnvironmentVariable);
        try
        {
            foreach (string name in Variables)
            {
                Environment.SetEnvironmentVariable(name, name switch
                {
                    "HOME" or "USERPROFILE" => Folder,
                    "LOCALAPPDATA" => Path.Combine(Folder, ".local", "share"), // Windows only; so that opi's folder is at one place in all tests
                    _ => null,
                });
            }

            foreach ((string name, string? value) in set)
            {
                Environment.SetEnvironmentVariable(name, value);
            }

            return Engine.Run(script);
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
