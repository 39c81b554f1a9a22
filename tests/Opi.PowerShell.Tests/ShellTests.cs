using System.Diagnostics;

namespace Opi.PowerShell.Tests;

/// <summary>Scripts run by Opi.Shell, each in a fresh process.</summary>
public sealed class ShellTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opi-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_script_gets_its_parameters_and_shows_objects_as_tables()
    {
        ShellRun run = await Run(
            """
            param([string] $Path, [string] $Text, [int] $Count, [switch] $Loud)
            $s = New-OpiSession anthropic:claude-sonnet-4-5 -Path $Path
            foreach ($i in 1..$Count) { $null = $s | Add-OpiTurn -User $Text -Assistant "answer $i" -InputTokens 1000 }
            $s | Get-OpiCost
            "$((Get-OpiContext $s)[0].Text) $Loud"
            """,
            "-Path", Path.Combine(_folder, "a b"), "-Text", "it's $5; \"quoted\"", "-Count", "3", "-Loud");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Matches(@"SessionId +Turns +Cost", run.Output);
        Assert.Matches(@" 3 +\$0\.0090 +3,000 ", run.Output);
        Assert.Contains("it's $5; \"quoted\" True", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminating_error_goes_to_stderr_and_makes_the_exit_code_1()
    {
        ShellRun run = await Run("'before'; throw 'it broke'; 'after'");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("it broke", run.Errors, StringComparison.Ordinal);
        Assert.Contains("before", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("after", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("it broke", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_that_does_not_terminate_goes_to_stderr_and_the_script_goes_on()
    {
        ShellRun run = await Run("Get-OpiEntry 1a2b3c-00000000 -Folder .; 'after'");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("1a2b3c-00000000", run.Errors, StringComparison.Ordinal);
        Assert.Contains("after", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exit_passes_its_code_through()
    {
        ShellRun run = await Run("'before'; exit 7; 'after'");

        Assert.Equal((7, "before"), (run.ExitCode, run.Output.Trim()));
    }

    [Fact]
    public async Task Warnings_do_not_mix_with_the_output()
    {
        ShellRun run = await Run("$s = New-OpiSession acme:x -Path $args[0]; $null = $s | Add-OpiTurn -User q -Assistant a -InputTokens 5; $null = $s | Get-OpiCost; 'done'", _folder);

        Assert.Equal((0, "done"), (run.ExitCode, run.Output.Trim()));
        Assert.Contains("acme:x", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_is_not_there_is_said_so()
    {
        ShellRun run = await RunFile(Path.Combine(_folder, "none.ps1"));

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("none.ps1", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_open_in_another_process_names_that_process()
    {
        using var engine = new Engine();
        engine.Set("folder", _folder);
        var session = engine.One<OpiSession>("($s = New-OpiSession -Path $folder)");

        ShellRun run = await Run("$r = try { Resume-OpiSession $args[0] -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; $_.Exception.Message }; $r; (Get-OpiEntry $args[0] | ForEach-Object Id) -join ','", session.Path);
        engine.Run("$null = $s | Add-OpiTurn -User q; $s | Close-OpiSession").WithoutErrors();

        Assert.Contains("SessionLocked,", run.Output, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", run.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
    }

    private async Task<ShellRun> Run(string script, params string[] parameters)
    {
        string path = Path.Combine(_folder, "script file.ps1");
        await File.WriteAllTextAsync(path, script);
        return await RunFile(path, parameters);
    }

    private async Task<ShellRun> RunFile(string path, params string[] parameters)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.OpiShell, path, .. parameters])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        start.Environment["LC_ALL"] = "en_US.UTF-8";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ShellRun(process.ExitCode, await output, await errors);
    }

    private sealed record ShellRun(int ExitCode, string Output, string Errors);
}
