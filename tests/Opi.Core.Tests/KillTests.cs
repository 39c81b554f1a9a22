using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Opi.Tests;

/// <summary>
/// What was acknowledged survives the writer's death. The work is done by tests/Opi.Durability, which writes, is killed, and checks; its
/// command <c>kill --rounds 50</c> is the full run of this.
/// </summary>
public sealed partial class KillTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("--turns 1000 --kills 5 --seed 1")]
    [InlineData("--turns 300 --kills 3 --seed 2 --auto-compact 5000")]
    [InlineData("--turns 1000 --kills 3 --seed 3 --durability Buffered")]
    public async Task A_killed_writer_loses_no_acknowledged_turn(string options)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Program(), "kill", "--rounds", "1", .. options.Split(' ')])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
            string output = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);

            Assert.True(process.ExitCode == 0, await errors + output);
            Match figures = Figures().Match(output);
            Assert.True(figures.Success, output);
            Assert.NotEqual(0, int.Parse(figures.Groups[1].Value, CultureInfo.InvariantCulture));
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
        string path = Path.Combine(Repository.Root, "artifacts", "bin", "Opi.Durability", configuration, "Opi.Durability.dll");
        Assert.True(File.Exists(path), $"There is no {path}: build tests/Opi.Durability.");
        return path;
    }

    [GeneratedRegex(@"turns acknowledged: ([0-9]+), lost: 0\b")]
    private static partial Regex Figures();
}
