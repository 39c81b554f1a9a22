using System.Diagnostics;

namespace Opi.Tests;

/// <summary>A test that needs Unix file modes.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "needs Unix file modes" : null!;
}

/// <summary>A test of what Windows does not allow or have, for the reason given.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NotOnWindowsFactAttribute : FactAttribute
{
    /// <summary>Why a program that takes no lock cannot write to the file of an open session there.</summary>
    public const string SharesNoWriting = "Windows refuses others to write to the file of an open session";

    public NotOnWindowsFactAttribute(string reason) => Skip = OperatingSystem.IsWindows() ? reason : null!;
}

/// <summary>As <see cref="NotOnWindowsFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NotOnWindowsTheoryAttribute : TheoryAttribute
{
    public NotOnWindowsTheoryAttribute(string reason) => Skip = OperatingSystem.IsWindows() ? reason : null!;
}

/// <summary>A test of what only Linux has.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null! : "needs Linux";
}

/// <summary>As <see cref="LinuxFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute() => Skip = OperatingSystem.IsLinux() ? null! : "needs Linux";
}

/// <summary>A test of how Windows shares, names and deletes files.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class WindowsFactAttribute : FactAttribute
{
    public WindowsFactAttribute() => Skip = OperatingSystem.IsWindows() ? null! : "needs Windows";
}

/// <summary>A test that lets another process hold a file lock.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FlockFactAttribute : FactAttribute
{
    public const string Tool = "/usr/bin/flock";

    public FlockFactAttribute() => Skip = !OperatingSystem.IsWindows() && File.Exists(Tool) ? null! : $"needs {Tool}";
}

/// <summary>A test that mounts a small file system.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MountFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> Possible = new(() =>
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return false;
        }

        using var folder = new TempFolder();
        return Mount(folder.Path, "size=4k") && Unmount(folder.Path);
    });

    public MountFactAttribute() => Skip = Possible.Value ? null! : "needs Linux and the right to mount";

    public static bool Mount(string path, string options) => Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path);

    public static bool Unmount(string path) => Run("umount", "-l", path);

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

/// <summary>A test that builds with the .NET SDK; the runtime alone can run the others.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SdkFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> There = new(() =>
    {
        string program = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        using Process process = Process.Start(new ProcessStartInfo(program, ["--list-sdks"]) { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadToEnd().Trim().Length > 0;
    });

    public SdkFactAttribute() => Skip = There.Value ? null! : "needs the .NET SDK";
}

/// <summary>A test that opens a page in Chromium.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Browser.Program is null ? "needs chromium on the PATH" : null!;
}

internal static class AssertMode
{
    /// <summary>That only the owner may read and write the file, where there are modes.</summary>
    public static void OwnerOnly(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }
}
