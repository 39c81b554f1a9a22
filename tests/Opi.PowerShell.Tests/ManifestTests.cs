using Opi.Tests;
using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;

namespace Opi.PowerShell.Tests;

public sealed class ManifestTests
{
    private static readonly Hashtable Manifest = Read();

    [Fact]
    public void The_module_has_exactly_these_cmdlets()
    {
        Assert.Equal(Conventions.Cmdlets.Select(Conventions.NameOf).Order(), Names("CmdletsToExport").Order());
    }

    [Theory]
    [InlineData("FunctionsToExport")]
    [InlineData("VariablesToExport")]
    [InlineData("AliasesToExport")]
    public void Nothing_else_is_exported(string key) => Assert.Empty(Names(key));

    [Fact]
    public void The_version_equals_the_assemblies()
    {
        var version = Version.Parse((string)Manifest["ModuleVersion"]!);

        Assert.All(["Opi.Core.dll", "Opi.Loader.dll", "Opi.PowerShell.dll"], name =>
            Assert.Equal(version, AssemblyName.GetAssemblyName(Path.Combine(Repository.Bin, name)).Version is { } found ? new Version(found.Major, found.Minor, found.Build) : null));
    }

    [Fact]
    public void The_files_it_names_are_there()
    {
        string[] named = [(string)Manifest["RootModule"]!, .. Names("NestedModules"), .. Names("FormatsToProcess"), .. Names("TypesToProcess")];

        Assert.All(named, name => Assert.True(File.Exists(Path.Combine(Repository.Root, name)), name));
    }

    [Fact]
    public void The_module_ships_no_library_but_its_own()
    {
        Assert.Equal(["Opi.Core.dll", "Opi.Loader.dll", "Opi.PowerShell.dll"], Directory.GetFiles(Repository.Bin, "*.dll").Select(Path.GetFileName).Order());
    }

    [Fact]
    public void What_reads_databases_is_in_a_folder_of_its_own_for_each_system()
    {
        string stores = Path.Combine(Repository.Bin, "stores");

        Assert.Equal(
            ["Opi.Stores.dll", "SQLitePCLRaw.batteries_v2.dll", "SQLitePCLRaw.core.dll", "SQLitePCLRaw.provider.e_sqlite3.dll", "ZstdSharp.dll"],
            Directory.GetFiles(stores, "*.dll").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["linux-arm64", "linux-musl-arm64", "linux-musl-x64", "linux-x64", "osx-arm64", "osx-x64", "win-arm64", "win-x64"],
            Directory.GetDirectories(Path.Combine(stores, "runtimes")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetDirectories(Path.Combine(stores, "runtimes")), system => Assert.Single(Directory.GetFiles(system, "*e_sqlite3.*", SearchOption.AllDirectories)));
        Assert.True(File.Exists(Path.Combine(stores, "LICENSES.txt")));
    }

    [Fact]
    public void The_engine_finds_nothing_wrong_with_it_and_sees_the_cmdlets()
    {
        using var engine = new Engine();
        engine.Set("manifest", Repository.Manifest);

        RunResult tested = engine.Run("Test-ModuleManifest $manifest").WithoutErrors();
        var module = engine.One<PSModuleInfo>("Get-Module Opi");

        Assert.Empty(tested.Warnings);
        Assert.Equal(Conventions.Cmdlets.Select(Conventions.NameOf).Order(), module.ExportedCmdlets.Keys.Order());
        Assert.Equal(module.ExportedCmdlets.Count, module.ExportedCommands.Count);
    }

    [Fact]
    public void These_tests_run_the_code_that_is_in_bin()
    {
        // The engine takes the copy beside the tests, which the runtime has loaded already.
        Assert.All([Conventions.Cmdlets[0].Assembly.Location, typeof(OpiSession).Assembly.Location], loaded =>
            Assert.Equal(SharedText.ReadAllBytes(Path.Combine(Repository.Bin, Path.GetFileName(loaded))), SharedText.ReadAllBytes(loaded)));
    }

    [Fact]
    public void It_is_for_PowerShell_7_4_and_later()
    {
        Assert.Equal("7.4", Manifest["PowerShellVersion"]);
        Assert.Equal(["Core"], Names("CompatiblePSEditions"));
    }

    private static IEnumerable<string> Names(string key)
    {
        Assert.True(Manifest.ContainsKey(key), key);
        return ((IEnumerable)Manifest[key]!).Cast<object>().Select(name => (string)name);
    }

    private static Hashtable Read()
    {
        ScriptBlockAst script = Parser.ParseFile(Repository.Manifest, out _, out ParseError[] errors);
        Assert.Empty(errors);
        return (Hashtable)((HashtableAst)script.Find(node => node is HashtableAst, searchNestedScriptBlocks: false)!).SafeGetValue();
    }
}
