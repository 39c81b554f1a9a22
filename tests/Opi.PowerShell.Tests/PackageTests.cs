using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Opi.ProviderStub;
using Opi.Tests;

namespace Opi.PowerShell.Tests;

/// <summary>
/// The package as a user has it: packed from what is built, installed with Install-PSResource into a home without modules, and used there by
/// tests/Package. Each example of the help is a result of its own.
/// </summary>
[Trait("Category", "Slow")]
public sealed class PackageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly Lazy<Task<(ProcessRun Run, IReadOnlyList<PesterResult> Examples)>> Packed = new(Run);

    /// <summary>The examples of the help. They are run when the tests run, not when they are listed.</summary>
    public static IEnumerable<object[]> Examples => Packed.Value.GetAwaiter().GetResult().Examples.Select(example => new object[] { example });

    [Fact]
    public async Task The_package_installs_from_a_repository_and_runs_the_user_story()
    {
        ProcessRun run = (await Packed.Value).Run;

        Assert.True(run.ExitCode == 0, run.Errors + run.Output);
        Assert.Contains("Installed and used: ", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Examples), DisableDiscoveryEnumeration = true)]
    public void An_example_of_the_help_runs(PesterResult example) => Assert.True(example.Result == "Passed", $"{example}: {example.Message}");

    [Fact]
    public async Task Every_example_of_the_help_was_run()
    {
        IEnumerable<string> expected = Directory.GetFiles(Path.Combine(Repository.Root, "docs", "en-US"), "*.md")
            .Order(StringComparer.Ordinal)
            .SelectMany(page => File.ReadLines(page)
                .Where(line => line == "```powershell")
                .Select((_, index) => $"{Path.GetFileNameWithoutExtension(page)}: Example {index + 1}"))
            .Order(StringComparer.Ordinal);

        Assert.Equal(expected, (await Packed.Value).Examples.Select(example => example.ToString()).Order(StringComparer.Ordinal));
    }

    private static async Task<(ProcessRun Run, IReadOnlyList<PesterResult> Examples)> Run()
    {
        IEnumerable<AssemblyMetadataAttribute> places = typeof(PackageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>();
        string package = places.Single(entry => entry.Key == "PowerShell").Value!;
        string pwsh = Path.Combine(package, OperatingSystem.IsWindows() ? "win" : "unix", "pwsh.dll");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("opi-tests-");
        try
        {
            using StubServer server = StubServer.Start();
            string results = Path.Combine(folder.FullName, "examples.jsonl");
            string script = $$"""
                $ErrorActionPreference = 'Stop'
                $package = & '{{Repository.Root}}/tools/New-Package.ps1' '{{folder.FullName}}'
                & '{{Repository.Root}}/tests/Package/Test-Package.ps1' $package '{{server.BaseUri.GetLeftPart(UriPartial.Authority)}}' '{{results}}'
                """;
            var start = new ProcessStartInfo("dotnet", [pwsh, "-NoProfile", "-NonInteractive", "-Command", script]);
            start.Environment["NO_COLOR"] = "1";
            start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
            start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
            ProcessRun run = await ChildProcess.Run(start, Patience);
            return (run, File.Exists(results)
                ? [.. File.ReadLines(results).Select(line => JsonSerializer.Deserialize<PesterResult>(line, JsonSerializerOptions.Web)!)]
                : []);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
