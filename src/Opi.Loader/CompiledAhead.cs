using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Opi.PowerShell;

/// <summary>
/// Loads the Opi.Core that is compiled ahead of time for this system, where the package has one: a new process then compiles less. It is in an
/// assembly of its own, and a nested module, because PowerShell loads Opi.Core as soon as it looks at the cmdlets.
/// </summary>
public sealed class CompiledAhead : IModuleAssemblyInitializer
{
    // The compiler that the package is made with is .NET 10's. An older runtime would not use its code.
    private const int FirstRuntime = 10;

    /// <summary>Why the library that is there for this system was not loaded, and the portable one is used; null when nothing went wrong.</summary>
    public static string? Problem { get; private set; }

    /// <inheritdoc/>
    public void OnImport()
    {
        if (Environment.Version.Major < FirstRuntime || Path.GetDirectoryName(typeof(CompiledAhead).Assembly.Location) is not { Length: > 0 } folder)
        {
            return;
        }

        string path = Path.Combine(folder, "ahead", System, "Opi.Core.dll");
        if (!File.Exists(path))
        {
            return;
        }

        string? reason;
        try
        {
            reason = ImageHeader.ProblemOf(path);
            if (reason is null)
            {
                AssemblyLoadContext.GetLoadContext(typeof(CompiledAhead).Assembly)!.LoadFromAssemblyPath(path);
            }
        }
        catch (Exception error) when (error is IOException or BadImageFormatException or UnauthorizedAccessException)
        {
            reason = error.Message.TrimEnd('.');
        }

        Problem = reason is null ? null : $"'{path}' is not used: {reason}.";
        if (Problem is not null)
        {
            // The portable library does the same, slower at the start.
            ScriptBlock.Create("param($text) Write-Verbose $text").Invoke(Problem);
        }
    }

    /// <summary>The name of the folder with what is compiled for this system.</summary>
    private static string System
    {
        get
        {
            string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx"
                : !OperatingSystem.IsLinux() ? "other" : IsMusl ? "linux-musl" : "linux";
            string processor = RuntimeInformation.ProcessArchitecture switch
            {
                Architecture.X64 => "-x64",
                Architecture.Arm64 => "-arm64",
                _ => "-other",
            };
            return system + processor;
        }
    }

    private static bool IsMusl =>
        RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) || File.Exists("/etc/alpine-release");
}
