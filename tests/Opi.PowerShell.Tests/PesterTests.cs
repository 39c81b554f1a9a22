using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Opi.Tests;
using Xunit.Abstractions;

namespace Opi.PowerShell.Tests;

/// <summary>
/// The Pester suites of tests/Pester, run once in a process of Opi.Shell. Each Pester test is a result of its own here, and what fails outside
/// of a test is one too: a BeforeAll, a file without tests, a process that ends early.
/// </summary>
[Trait("Category", "Slow")]
public sealed class PesterTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <summary>What the suites gave. It is read when the tests run, not when they are listed.</summary>
    public static IEnumerable<object[]> Results => Run().GetAwaiter().GetResult().Select(test => new object[] { test });

    [SkippableTheory]
    [MemberData(nameof(Results), DisableDiscoveryEnumeration = true)]
    public void Pester(PesterResult test)
    {
        output.WriteLine($"{test}: {test.Result} {test.Message}");
        Skip.If(test.Result is "Skipped" or "Inconclusive" && test.Message.Length > 0, test.Message);
        Assert.True(test.Result == "Passed", $"{test.Result}: {(test.Message.Length > 0 ? test.Message : "no reason is given")}");
    }

    private static async Task<IReadOnlyList<PesterResult>> Run()
    {
        string suites = Path.Combine(Repository.Root, "tests", "Pester");
        string module = typeof(PesterTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "Pester").Value!;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("opi-tests-");
        try
        {
            string file = Path.Combine(folder.FullName, "results.jsonl");
            string script = Path.Combine(suites, "Invoke-Suites.ps1");
            string[] arguments = [Repository.OpiShell, "-File", script, "-Pester", module, "-Results", file, "-Output", "Detailed"];
            var start = new ProcessStartInfo("dotnet", arguments);
            start.Environment["NO_COLOR"] = "1";
            ProcessRun run = await ChildProcess.Run(start, Patience);
            Assert.True(File.Exists(file), $"The suites gave no results. Exit code {run.ExitCode}.\n{run.Errors}{run.Output}");
            List<PesterResult> results =
                [.. File.ReadLines(file).Select(line => JsonSerializer.Deserialize<PesterResult>(line, JsonSerializerOptions.Web)!)];
            HashSet<string> seen = [.. results.Select(test => test.Suite)];
            results.AddRange(Directory.EnumerateFiles(suites, "*.Tests.ps1")
                .Select(path => Path.GetFileName(path).Replace(".Tests.ps1", "", StringComparison.Ordinal))
                .Where(suite => !seen.Contains(suite))
                .Select(suite => new PesterResult(suite, "(the file)", "Failed", "No test of this suite ran.")));
            if (run.ExitCode != 0 && results.All(test => test.Result is "Passed" or "Skipped" or "Inconclusive"))
            {
                results.Add(new PesterResult("Invoke-Suites", "(the process)", "Failed", $"Exit code {run.ExitCode}.\n{run.Errors}{run.Output}"));
            }

            return results;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
