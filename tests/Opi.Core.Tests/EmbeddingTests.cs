using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Opi.ProviderStub;

namespace Opi.Tests;

/// <summary>The library as other programs get it: the sample, the document that quotes it, and the package.</summary>
public sealed partial class EmbeddingTests
{
    private static readonly string Sample = Path.Combine(Repository.Root, "examples", "embedding");

    private static string Configuration => Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).Split('_')[0];

    [Fact]
    public async Task The_sample_runs_a_session_with_a_compaction_and_reads_logs()
    {
        using var folder = new TempFolder();
        AssertOutput(await RunSample(folder, Path.Combine(Repository.Root, "artifacts", "bin", "Opi.Embedding", Configuration, "Opi.Embedding.dll")));
    }

    [Fact]
    public void What_the_document_quotes_is_what_the_sample_does()
    {
        string sample = Flat(string.Join('\n', Directory.GetFiles(Sample, "*.cs").Select(SharedText.ReadAllText)));
        string[] blocks = [.. CSharpBlock().Matches(SharedText.ReadAllText(Path.Combine(Repository.Root, "docs", "embedding.md"))).Select(match => match.Groups[1].Value)];

        Assert.True(blocks.Length >= 5);
        Assert.All(blocks, block => Assert.Contains(Flat(block), sample, StringComparison.Ordinal));
    }

    [SdkFact]
    [Trait("Category", "Slow")]
    public async Task The_package_has_what_it_needs_and_a_new_project_runs_with_it()
    {
        using var folder = new TempFolder();
        string packages = folder.File("packages");
        await Dotnet(Repository.Root, "pack", "src/Opi.Core", "--no-build", "-c", Configuration, "-o", packages);
        string package = Assert.Single(Directory.GetFiles(packages, "Opi.Core.*.nupkg"));
        using (ZipArchive zip = ZipFile.OpenRead(package))
        {
            string[] names = [.. zip.Entries.Select(entry => entry.FullName)];
            foreach (string name in (string[])["lib/net8.0/Opi.Core.dll", "lib/net8.0/Opi.Core.xml", "LICENSE", "embedding.md", "catalog-licences.txt"])
            {
                Assert.Contains(name, names);
            }

            using Stream stream = zip.GetEntry("Opi.Core.nuspec")!.Open();
            XElement metadata = XDocument.Load(stream).Root!.Elements().First();
            Assert.Equal("MIT", Value(metadata, "license"));
            Assert.Equal("embedding.md", Value(metadata, "readme"));
            Assert.Equal("the Opi contributors", Value(metadata, "authors"));
            Assert.DoesNotContain(metadata.Descendants(), element => element.Name.LocalName == "dependency");
        }

        using (ZipArchive symbols = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(packages, "Opi.Core.*.snupkg"))))
        {
            Assert.Contains("lib/net8.0/Opi.Core.pdb", symbols.Entries.Select(entry => entry.FullName));
        }

        string project = folder.File("new");
        Directory.CreateDirectory(project);
        Array.ForEach(Directory.GetFiles(Sample, "*.cs"), file => File.Copy(file, Path.Combine(project, Path.GetFileName(file))));
        string version = Path.GetFileNameWithoutExtension(package)["Opi.Core.".Length..];
        await File.WriteAllTextAsync(Path.Combine(project, "new.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <UseAppHost>false</UseAppHost>
                <RestoreSources>{packages}</RestoreSources>
                <RestorePackagesPath>{folder.File("cache")}</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="Opi.Core" Version="{version}" /></ItemGroup>
            </Project>
            """);
        await Dotnet(project, "build", "-o", folder.File("out"));
        AssertOutput(await RunSample(folder, folder.File("out/new.dll")));
    }

    private static void AssertOutput(string output)
    {
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches(@"^turn 1: \d+ tokens, USD 0\.\d{6}: It says hello\.$", lines[0]);
        Assert.StartsWith("turn 3: ", lines[2], StringComparison.Ordinal);
        Assert.Equal("compaction: done", lines[3]);
        Assert.Matches(@"^compacted \d+ messages, kept \d+: It says hello\.$", lines[4]);
        Assert.Equal("anthropic:claude-sonnet-4-5: 1 responses, USD 1.80", lines[5]); // at 3 and 15 USD a million
        Assert.Equal(6, lines.Length);
    }

    /// <summary>Runs the sample against the stand-in for the providers, with a log of one response.</summary>
    private static async Task<string> RunSample(TempFolder folder, string program)
    {
        string logs = folder.File("logs/project");
        Directory.CreateDirectory(logs);
        await File.WriteAllTextAsync(Path.Combine(logs, "log.jsonl"),
            """{"type":"assistant","timestamp":"2026-11-01T00:00:00Z","sessionId":"s","requestId":"r","message":{"id":"m","role":"assistant","model":"claude-sonnet-4-5","content":[],"usage":{"input_tokens":100000,"output_tokens":100000}}}""" + "\n");
        using StubServer provider = StubServer.Start();
        string sessions = folder.File("sessions");
        string output = await Dotnet(folder.Path, program, provider.BaseUri.GetLeftPart(UriPartial.Authority), sessions, folder.File("logs"));

        using SessionReader reader = SessionReader.Open(Assert.Single(Directory.GetFiles(sessions, "*.jsonl")));
        Assert.Equal(7, reader.ReadEntries().Count());
        Assert.IsType<CompactionSummaryMessage>(reader.ReadContextMessages()[0]);
        Assert.Equal(4, provider.Requests.Count); // three turns and the summary
        return output.ReplaceLineEndings("\n");
    }

    private static async Task<string> Dotnet(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // no server may live on and keep the folder
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}\n{await error}");
        return output;
    }

    private static string? Value(XElement metadata, string name) =>
        metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value;

    private static string Flat(string code) => Spaces().Replace(code, " ").Trim();

    [GeneratedRegex(@"```csharp\r?\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
