using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Opi;

/// <summary>
/// Where Opi.Stores and its libraries are loaded, apart from all others: another module may have other versions of them. Opi.Core and
/// the runtime are shared.
/// </summary>
internal sealed class StoreContext(string folder) : AssemblyLoadContext("Opi.Stores")
{
    /// <summary>The folder of the native libraries that fit this machine; null when there is none.</summary>
    public static string? Platform
    {
        get
        {
            string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : IsMusl ? "linux-musl" : "linux";
            string? processor = RuntimeInformation.ProcessArchitecture switch
            {
                Architecture.X64 => "x64",
                Architecture.Arm64 => "arm64",
                _ => null,
            };
            return processor is null ? null : $"{system}-{processor}";
        }
    }

    /// <inheritdoc/>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "A missing library is an error that is reported with the file.")]
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == typeof(StoreContext).Assembly.GetName().Name)
        {
            return typeof(StoreContext).Assembly;
        }

        string path = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        string file = OperatingSystem.IsWindows() ? unmanagedDllName + ".dll"
            : OperatingSystem.IsMacOS() ? $"lib{unmanagedDllName}.dylib"
            : $"lib{unmanagedDllName}.so";
        string path = Path.Combine(folder, "runtimes", Platform ?? "none", "native", file);
        return File.Exists(path) ? LoadUnmanagedDllFromPath(path) : 0;
    }

    private static bool IsMusl =>
        RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) || File.Exists("/etc/alpine-release");
}
