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
    private static readonly Lazy<Task<PackedModule>> Packed = new(Run);

    /// <summary>The examples of the help. They are run when the tests run, not when they are listed.</summary>
    public static IEnumerable<object[]> Examples => Packed.Value.GetAwaiter().GetResult().Examples.Select(example => new object[] { example });

    [Fact]
    public async Task The_package_installs_from_a_repository_and_runs_the_user_story()
    {
        ProcessRun run = (await Packed.Value).Run;

        Assert.True(run.ExitCode == 0, run.Errors + run.Output);
        Assert.Contains("Installed and used: ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_installed_module_uses_the_library_that_is_compiled_for_this_system() =>
        Assert.Contains($"Opi.Core was loaded from: bin/ahead/{Pwsh.System}/Opi.Core.dll", (await Packed.Value).Run.Output, StringComparison.Ordinal);

    [Fact]
    public async Task What_is_compiled_ahead_is_the_portable_library_with_native_code() // and so its symbols are the same
    {
        PackedModule packed = await Packed.Value;

        Assert.False(packed.Portable!.HasNativeCode);
        Assert.Equal(packed.Portable with { HasNativeCode = true }, packed.Ahead);
    }

    [Theory]
    [MemberData(nameof(Examples), DisableDiscoveryEnumeration = true)]
    public void An_example_of_the_help_runs(PesterResult example) => Assert.True(example.Result == "Passed", $"{example}: {example.Message}");

    [Fact]
    public async Task Every_example_of_the_help_was_run()
    {
        IEnumerable<string> expected = Directory.GetFiles(Path.Combine(Repository.Root, "docs", "en-US"), "*.md")
            .SelectMany(page => File.ReadLines(page)
                .Where(line => line == "```powershell")
                .Select((_, index) => $"{Path.GetFileNameWithoutExtension(page)}: Example {index + 1}"))
            .Order(StringComparer.Ordinal);

        Assert.Equal(expected, (await Packed.Value).Examples.Select(example => example.ToString()).Order(StringComparer.Ordinal));
    }

    private static async Task<PackedModule> Run()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("opi-tests-");
        try
        {
            using StubServer server = StubServer.Start();
            string results = Path.Combine(folder.FullName, "examples.jsonl");
            ProcessRun run = await Pwsh.Run($$"""
                $ErrorActionPreference = 'Stop'
                $package = & '{{Repository.Root}}/tools/New-Package.ps1' '{{folder.FullName}}' -System {{Pwsh.System}}
                & '{{Repository.Root}}/tests/Package/Test-Package.ps1' $package '{{server.BaseUri.GetLeftPart(UriPartial.Authority)}}' '{{results}}'
                """);
            string[] libraries = Directory.GetFiles(folder.FullName, "Opi.Core.dll", SearchOption.AllDirectories);
            return new PackedModule(
                run,
                File.Exists(results)
                    ? [.. File.ReadLines(results).Select(line => JsonSerializer.Deserialize<PesterResult>(line, JsonSerializerOptions.Web)!)]
                    : [],
                Read(libraries, "bin"),
                Read(libraries, Pwsh.System));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static CompiledLibrary? Read(string[] libraries, string folder) =>
        libraries.SingleOrDefault(path => Path.GetFileName(Path.GetDirectoryName(path)) == folder) is { } path ? CompiledLibrary.Read(path) : null;
}
