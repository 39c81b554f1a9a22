using System.Diagnostics;
using Opi.Tests;

namespace Opi.PowerShell.Tests;

/// <summary>Opi.Shell, each time in a fresh process: the parameters and exit codes of pwsh, with Opi imported.</summary>
[Trait("Category", "Slow")]
public sealed class ShellTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("opi-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_script_gets_its_parameters_and_shows_objects_as_tables(bool withFile)
    {
        string script = Script("""
            param([string] $Path, [string] $Text, [int] $Count, [switch] $Loud)
            $s = New-OpiSession anthropic:claude-sonnet-4-5 -Path $Path
            foreach ($i in 1..$Count) { $null = $s | Add-OpiTurn -User $Text -Assistant "answer $i" -InputTokens 1000 }
            $s | Get-OpiCost
            "$((Get-OpiContext $s)[0].Text) $Loud"
            """);
        string[] parameters = ["-Path", Path.Combine(_folder, "a b"), "-Text", "it's $5; \"quoted\"", "-Count", "3", "-Loud"];

        ProcessRun run = await Run([.. withFile ? new[] { "-File", script } : [script], .. parameters]);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Matches(@"SessionId +Cost +Turns", run.Output);
        Assert.Matches(@" \$0\.0090 +3 +3,000 ", run.Output);
        Assert.Contains("it's $5; \"quoted\" True", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_the_whole_PowerShell()
    {
        ProcessRun run = await Run("-c", """
            $s = New-OpiSession anthropic:claude-sonnet-4-5 -Path sessions
            $null = $s | Add-OpiTurn -User q -Assistant a -InputTokens 1000
            Get-OpiCost -Folder sessions | Export-Csv cost.csv
            (Import-Csv cost.csv).TotalCost
            Get-Content cost.csv -TotalCount 1 | Select-String TotalCost -SimpleMatch -Quiet
            @{ a = @(1) } | ConvertTo-Json -Compress
            (Get-Command Invoke-RestMethod, Get-Item).Source -join ' '
            $PSVersionTable.PSVersion.ToString()
            """);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(
            ["0.003", "True", """{"a":[1]}""", "Microsoft.PowerShell.Utility Microsoft.PowerShell.Management", "7.6.9"],
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public async Task The_program_itself_does_what_dotnet_with_its_dll_does()
    {
        string program = Path.ChangeExtension(Repository.OpiShell, OperatingSystem.IsWindows() ? ".exe" : null);

        ProcessRun run = await Run(new ProcessStartInfo(program, ["-c", "(Get-Module).Name; Get-Date -Year 2026 -Format yyyy; exit 3"]));

        Assert.Equal((3, "Opi\n2026", ""), (run.ExitCode, run.Output.ReplaceLineEndings("\n").Trim(), run.Errors));
    }

    [Theory]
    [InlineData("throw 'it broke'", "it broke")]
    [InlineData("$ErrorActionPreference = 'Stop'; Get-OpiEntry 1a2b3c-00000000 -Folder .", "1a2b3c-00000000")]
    public async Task A_terminating_error_goes_to_stderr_and_makes_the_exit_code_1(string statement, string message)
    {
        ProcessRun run = await Run(Script($"'before'; {statement}; 'after'"));

        Assert.Equal((1, "before"), (run.ExitCode, run.Output.Trim()));
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_that_does_not_terminate_goes_to_stderr_and_the_script_goes_on()
    {
        ProcessRun run = await Run(Script("Get-OpiEntry 1a2b3c-00000000 -Folder .; 'after'"));

        Assert.Equal((0, "after"), (run.ExitCode, run.Output.Trim()));
        Assert.Contains("1a2b3c-00000000", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'before'; exit 7; 'after'", 7)]
    [InlineData("'before'; exit", 0)]
    [InlineData("'before'", 0)]
    public async Task Exit_passes_its_code_through(string script, int code)
    {
        ProcessRun run = await Run(Script(script));

        Assert.Equal((code, "before"), (run.ExitCode, run.Output.Trim()));
    }

    [Fact]
    public async Task Commands_that_come_as_input_are_run()
    {
        var start = new ProcessStartInfo("dotnet", [Repository.OpiShell, "-Command", "-"]);

        ProcessRun run = await Run(start, "(Get-Command New-OpiSession).Source\nexit 4\n");

        Assert.Contains("Opi", run.Output, StringComparison.Ordinal);
        Assert.Equal(4, run.ExitCode);
    }

    [Fact]
    public async Task Without_arguments_it_is_a_prompt_that_ends_with_its_input()
    {
        ProcessRun run = await Run(new ProcessStartInfo("dotnet", [Repository.OpiShell]), "6 * 7\n");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Matches(@"PowerShell 7\.6\.9 with Opi \d+\.\d+\.\d+", run.Output);
        Assert.Contains("42", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_profile_is_loaded()
    {
        ProcessRun paths = await Run("-c", "$PROFILE.CurrentUserAllHosts");
        string relative = Path.GetRelativePath(Path.Combine(_folder, "home"), paths.Output.Trim());
        Assert.DoesNotContain("..", relative, StringComparison.Ordinal);
        string profile = Path.Combine(_folder, "home", relative);
        Directory.CreateDirectory(Path.GetDirectoryName(profile)!);
        await File.WriteAllTextAsync(profile, "'from the profile'");

        ProcessRun run = await Run("-c", "'done'");

        Assert.Equal("done", run.Output.Trim());
    }

    [Fact]
    public async Task Help_says_how_to_start_it()
    {
        ProcessRun run = await Run("--help");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("dotnet run --project src/Opi.Shell -- [[-File] script.ps1 [parameters]]", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_is_not_there_is_said_so()
    {
        ProcessRun run = await Run(Path.Combine(_folder, "none.ps1"));

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("none.ps1", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_open_in_another_process_names_that_process()
    {
        using var engine = new Engine();
        engine.Set("folder", _folder);
        var session = engine.One<OpiSession>("($s = New-OpiSession -Path $folder)");
        string script = Script("""
            try { Resume-OpiSession $args[0] -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; $_.Exception.Message }
            (Get-OpiEntry $args[0]).Id -join ','
            """);

        ProcessRun run = await Run(script, session.Path);
        engine.Run("$null = $s | Add-OpiTurn -User q; $s | Close-OpiSession").WithoutErrors();

        Assert.Contains("SessionLocked,", run.Output, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", run.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
    }

    private string Script(string text)
    {
        string path = Path.Combine(_folder, "script file.ps1");
        File.WriteAllText(path, text);
        return path;
    }

    private Task<ProcessRun> Run(params string[] arguments) => Run(new ProcessStartInfo("dotnet", [Repository.OpiShell, .. arguments]));

    private Task<ProcessRun> Run(ProcessStartInfo start, string input = "")
    {
        string home = Directory.CreateDirectory(Path.Combine(_folder, "home")).FullName;
        start.WorkingDirectory = _folder;
        start.Environment["HOME"] = start.Environment["USERPROFILE"] = home;
        start.Environment.Remove("XDG_CONFIG_HOME");
        start.Environment["LC_ALL"] = "en_US.UTF-8";
        start.Environment["NO_COLOR"] = "1";
        return ChildProcess.Run(start, Patience, input);
    }
}
