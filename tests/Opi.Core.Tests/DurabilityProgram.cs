using System.Diagnostics;

namespace Opi.Tests;

/// <summary>Runs tests/Opi.Durability, which was built with the same configuration as this test.</summary>
internal static class DurabilityProgram
{
    /// <summary>Runs a command, asserts that it succeeded, and gives what it printed.</summary>
    public static async Task<string> Run(TimeSpan patience, params string[] arguments)
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string program = Path.Combine(Repository.Root, "artifacts", "bin", "Opi.Durability", configuration, "Opi.Durability.dll");
        Assert.True(File.Exists(program), $"There is no {program}: build tests/Opi.Durability.");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(patience);
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
            string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, await errors + output);
            return output;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
