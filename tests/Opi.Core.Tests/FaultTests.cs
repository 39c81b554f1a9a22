using System.Diagnostics;
using Xunit.Abstractions;

namespace Opi.Tests;

/// <summary>
/// Faults of disks, files and processes: the small size of tests/Opi.Durability's suite, whose full run docs/reliability.md tells of. Parts
/// that cannot run on a machine say so in the output.
/// </summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public Task Mutated_files_crash_nothing_and_lose_no_line_that_was_not_touched() => Run("fuzz", "--rounds", "400", "--seed", "1");

    [Fact]
    public Task A_last_batch_that_is_cut_or_holed_costs_nothing_before_it() => Run("torn", "--size", "Small", "--seed", "5");

    [Fact]
    public Task The_small_suite_of_faults_finds_no_loss() => Run("suite", "--minutes", "0");

    private async Task Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Program(), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
            string printed = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            output.WriteLine(printed);
            Assert.True(process.ExitCode == 0, await errors + printed);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Built with the same configuration as this test.</summary>
    private static string Program()
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "Opi.psd1")))
        {
            root = Path.GetDirectoryName(root);
        }

        string path = Path.Combine(root ?? "", "artifacts", "bin", "Opi.Durability", configuration, "Opi.Durability.dll");
        Assert.True(File.Exists(path), $"There is no {path}: build tests/Opi.Durability.");
        return path;
    }
}
