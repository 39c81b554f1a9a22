using Opi.Tests;

namespace Opi.PowerShell.Tests;

/// <summary>
/// A module with a library in bin/ahead that does not load. That one which does is used is shown by <see cref="PackageTests"/>.
/// </summary>
[Trait("Category", "Slow")]
public sealed class CompiledAheadTests : IDisposable
{
    private readonly DirectoryInfo _module = Directory.CreateTempSubdirectory("opi-tests-");

    public void Dispose() => _module.Delete(recursive: true);

    [Fact]
    public async Task Where_it_does_not_load_the_portable_library_is_used_and_the_reason_is_shown()
    {
        string broken = Path.Combine(Copy(), "bin", "ahead", Pwsh.System, "Opi.Core.dll");
        Directory.CreateDirectory(Path.GetDirectoryName(broken)!);
        await File.WriteAllTextAsync(broken, "no library");

        ProcessRun run = await Pwsh.Run($$"""
            $ErrorActionPreference = 'Stop'
            $VerbosePreference = 'Continue'
            $said = Import-Module '{{_module.FullName}}/Opi.psd1' 4>&1
            "said: $(@($said) -match 'is not used')"
            "problem: $([Opi.PowerShell.CompiledAhead]::Problem)"
            "commands: $(@(Get-Command -Module Opi).Count)"
            "library: $([Opi.OpiSession].Assembly.Location)"
            "error: $($Error.Count)"
            """);

        Assert.True(run.ExitCode == 0, run.Errors + run.Output);
        string[] lines = run.Output.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains($"problem: '{broken}' is not used: ", run.Output, StringComparison.Ordinal);
        Assert.Contains($"said: '{broken}' is not used: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("commands: 32", lines);
        Assert.Contains($"library: {Path.Combine(_module.FullName, "bin", "Opi.Core.dll")}", lines);
        Assert.Contains("error: 0", lines);
    }

    [Fact]
    public async Task What_is_compiled_for_other_systems_is_not_looked_at()
    {
        string other = Path.Combine(Copy(), "bin", "ahead", "other-" + Pwsh.System.Split('-')[1], "Opi.Core.dll");
        Directory.CreateDirectory(Path.GetDirectoryName(other)!);
        await File.WriteAllTextAsync(other, "no library");

        ProcessRun run = await Pwsh.Run($$"""
            Import-Module '{{_module.FullName}}/Opi.psd1' -ErrorAction Stop
            "problem: $([Opi.PowerShell.CompiledAhead]::Problem)"
            "library: $([Opi.OpiSession].Assembly.Location)"
            """);

        Assert.Equal(
            $"problem: \nlibrary: {Path.Combine(_module.FullName, "bin", "Opi.Core.dll")}\n", run.Output.ReplaceLineEndings("\n"));
    }

    /// <summary>Copies the module without its other libraries.</summary>
    private string Copy()
    {
        DirectoryInfo bin = _module.CreateSubdirectory("bin");
        foreach (string file in Directory.GetFiles(Path.Combine(Repository.Root, "bin")))
        {
            File.Copy(file, Path.Combine(bin.FullName, Path.GetFileName(file)));
        }

        File.Copy(Path.Combine(Repository.Root, "Opi.psd1"), Path.Combine(_module.FullName, "Opi.psd1"));
        return _module.FullName;
    }
}
