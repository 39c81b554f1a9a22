using System.Diagnostics;
using System.Text.RegularExpressions;
using Opi.Tests;
using YamlDotNet.RepresentationModel;

namespace Opi.PowerShell.Tests;

/// <summary>The workflow of the recipes, and those of docs/reports.md: YAML as the runner reads it, and each run block run as the runner runs it.</summary>
[Trait("Category", "Slow")]
public sealed partial class WorkflowRecipeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("opi-tests-").FullName;

    public WorkflowRecipeTests()
    {
        // What a step imports by name is this Opi; what it installs is told.
        string module = Directory.CreateDirectory(Path.Combine(_folder, "modules", "Opi")).FullName;
        File.WriteAllText(Path.Combine(module, "Opi.psm1"), $"Import-Module '{Repository.Manifest}' -Global");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1_000_000, 0)] // 3 dollars, of 5
    [InlineData(2_000_000, 1)]
    public async Task The_steps_of_the_workflow_run_and_the_budget_decides(int tokens, int exitCode)
    {
        YamlMappingNode workflow = Load(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "examples", "recipes", "github-cost.yml")));
        YamlMappingNode job = Map(Map(workflow, "jobs"), "agent");
        string summary = Path.Combine(_folder, "summary.md");
        await File.WriteAllTextAsync(Path.Combine(_folder, "agent.ps1"), $"""
            Import-Module Opi
            $s = New-OpiSession -Model anthropic:claude-3-7-sonnet
            $null = $s | Add-OpiTurn -User 'Fix it' -Assistant 'Done' -InputTokens {tokens}
            """);

        Assert.Equal("ubuntu-latest", Text(job, "runs-on"));
        var runs = new List<(string Name, ProcessRun Run)>();
        foreach (YamlMappingNode step in ((YamlSequenceNode)job["steps"]).Cast<YamlMappingNode>())
        {
            if (step.Children.ContainsKey("run"))
            {
                Assert.Equal("pwsh", Text(step, "shell"));
                runs.Add((Text(step, "name"), await Run(Text(step, "run"), summary, Text(Map(job, "env"), "OPI_SESSIONS_DIR"))));
            }
            else
            {
                Assert.Matches("^actions/[a-z-]+@v[0-9]+$", Text(step, "uses"));
            }
        }

        Assert.Equal(["Install Opi", "Run the agent", "What it cost", "Stay within the budget"], runs.Select(run => run.Name));
        Assert.Contains("Install-PSResource Opi", runs[0].Run.Output, StringComparison.Ordinal);
        Assert.All(runs.SkipLast(1), run => Assert.Equal((0, ""), (run.Run.ExitCode, run.Run.Errors)));
        string dollars = tokens / 1_000_000 * 3 + ".00";
        Assert.Contains("## What the agent cost", await File.ReadAllTextAsync(summary), StringComparison.Ordinal);
        Assert.Contains($"${dollars}", (await File.ReadAllTextAsync(summary)).Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("\"TotalCost\"", (await File.ReadAllLinesAsync(Path.Combine(_folder, "cost.csv")))[0], StringComparison.Ordinal);
        Assert.Equal(exitCode, runs[^1].Run.ExitCode);
        Assert.Equal(exitCode != 0, runs[^1].Run.Errors.Contains("budget", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_steps_of_the_reports_page_run_too()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "reports.md"));
        YamlMappingNode[] blocks = [.. Block().Matches(page).Select(block => Load(block.Groups["yaml"].Value))];

        Assert.Equal(3, blocks.Length); // GitHub, Azure, the collector
        string summary = Path.Combine(_folder, "summary.md");
        await File.WriteAllTextAsync(Path.Combine(_folder, "agent.ps1"), """
            Import-Module Opi
            $null = New-OpiSession -Model anthropic:claude-sonnet-4 | Add-OpiTurn -User q -Assistant a -InputTokens 1000
            """);
        string[] github = [.. ((YamlSequenceNode)Map(Map(blocks[0], "jobs"), "agent")["steps"]).Cast<YamlMappingNode>()
            .Where(step => step.Children.ContainsKey("run")).Select(step => Text(step, "run"))];
        string[] azure = [.. ((YamlSequenceNode)blocks[1]["steps"]).Cast<YamlMappingNode>().Select(step => Text(step, "pwsh")
            .Replace("$(Agent.TempDirectory)", _folder, StringComparison.Ordinal).Replace("$(cost.OpiCost)", "1.5", StringComparison.Ordinal))];

        foreach (string run in github.Concat(azure))
        {
            ProcessRun done = await Run(run, summary, Path.Combine(_folder, "sessions"));
            Assert.True((done.ExitCode, done.Errors) == (0, ""), $"{run}\n{done.Errors}{done.Output}");
        }

        Assert.Contains("## What the agent cost", await File.ReadAllTextAsync(summary), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, "cost.md")));
    }

    /// <summary>Runs a block as the runner of GitHub does: a file with an error preference before and the exit code after it.</summary>
    private async Task<ProcessRun> Run(string block, string summary, string sessions)
    {
        string script = Path.Combine(_folder, Guid.NewGuid().ToString("N") + ".ps1");
        await File.WriteAllTextAsync(script, $$"""
            $ErrorActionPreference = 'stop'
            function Install-PSResource { "Install-PSResource $args" }
            {{block}}
            if ((Test-Path -LiteralPath variable:\LASTEXITCODE)) { exit $LASTEXITCODE }
            """);
        var start = new ProcessStartInfo("dotnet", [Repository.OpiShell, "-Command", $". '{script}'"]) { WorkingDirectory = _folder };
        start.Environment["GITHUB_STEP_SUMMARY"] = summary;
        start.Environment["OPI_SESSIONS_DIR"] = sessions.Replace("${{ github.workspace }}", _folder, StringComparison.Ordinal);
        start.Environment["OPI_LEDGER_DIR"] = Path.Combine(_folder, "ledger");
        start.Environment["HOME"] = start.Environment["USERPROFILE"] = Directory.CreateDirectory(Path.Combine(_folder, "home")).FullName;
        start.Environment["PSModulePath"] = Path.Combine(_folder, "modules");
        start.Environment["NO_COLOR"] = "1";
        foreach (string name in new[] { "CLAUDE_CONFIG_DIR", "CODEX_HOME" })
        {
            start.Environment.Remove(name);
        }

        return await ChildProcess.Run(start, Patience);
    }

    private static YamlMappingNode Load(string text)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(text);
        stream.Load(reader);
        return (YamlMappingNode)Assert.Single(stream.Documents).RootNode;
    }

    private static YamlMappingNode Map(YamlMappingNode node, string key) => (YamlMappingNode)node[key];

    private static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node[key]).Value!;

    [GeneratedRegex("^```yaml\n(?<yaml>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
