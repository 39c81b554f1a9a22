using System.Buffers.Binary;
using System.Runtime.InteropServices;
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

    [Theory]
    [InlineData("text", "it is not a library")]
    [InlineData("portable", "it is not compiled for this system")]
    [InlineData("cut", "a part of it is missing")]
    public async Task Where_it_does_not_fit_the_portable_library_is_used_and_the_reason_is_shown(string kind, string reason)
    {
        string broken = Path.Combine(Copy(), "bin", "ahead", Pwsh.System, "Opi.Core.dll");
        Directory.CreateDirectory(Path.GetDirectoryName(broken)!);
        byte[] portable = await File.ReadAllBytesAsync(Path.Combine(_module.FullName, "bin", "Opi.Core.dll"));
        await File.WriteAllBytesAsync(broken, kind switch
        {
            "text" => "no library"u8.ToArray(),
            "portable" => OfMachine(portable, 0x9999),
            _ => OfMachine(portable, Machine)[..(portable.Length / 2)],
        });

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

        Assert.Equal(
            $"""
            said: '{broken}' is not used: {reason}.
            problem: '{broken}' is not used: {reason}.
            commands: 32
            library: {Path.Combine(_module.FullName, "bin", "Opi.Core.dll")}
            error: 0

            """.ReplaceLineEndings("\n"),
            (run.Output + run.Errors).ReplaceLineEndings("\n"));
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

    // The numbers of the systems and processors in the headers of libraries that are compiled ahead of time.
    private static int Machine =>
        (OperatingSystem.IsWindows() ? 0 : OperatingSystem.IsMacOS() ? 0x4644 : 0x7B79)
        ^ (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0xAA64 : 0x8664);

    private static byte[] OfMachine(byte[] library, int machine)
    {
        byte[] other = [.. library];
        BinaryPrimitives.WriteUInt16LittleEndian(other.AsSpan(BinaryPrimitives.ReadInt32LittleEndian(other.AsSpan(0x3C)) + 4), (ushort)machine);
        return other;
    }
}
