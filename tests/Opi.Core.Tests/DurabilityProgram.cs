using System.Diagnostics;

namespace Opi.Tests;

/// <summary>Runs tests/Opi.Durability, which was built with the same configuration as this test.</summary>
internal static class DurabilityProgram
{
    /// <summary>The exit code of a part that this machine cannot run.</summary>
    private const int Skipped = 77;

    /// <summary>Runs a command, asserts that it succeeded, and gives what it printed. A command that cannot run here skips the test.</summary>
    public static async Task<string> Run(TimeSpan patience, params string[] arguments)
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string program = Path.Combine(Repository.Root, "artifacts", "bin", "Opi.Durability", configuration, "Opi.Durability.dll");
        Assert.True(File.Exists(program), $"There is no {program}: build tests/Opi.Durability.");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [program, .. arguments]);
        ProcessRun run = await ChildProcess.Run(start, patience);
        Skip.If(run.ExitCode == Skipped, run.Output.Trim());
        Assert.True(run.ExitCode == 0, $"Exit code {run.ExitCode}.\n{run.Errors}{run.Output}");
        return run.Output;
    }
}
