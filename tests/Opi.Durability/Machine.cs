using System.Diagnostics;

namespace Opi.CrashTests;

/// <summary>What this machine allows, and the system's commands that the parts use.</summary>
internal static class Machine
{
    private const int SmallestImage = 4;

    private static readonly Lazy<string?> StraceObstacle = new(() =>
        !OperatingSystem.IsLinux() ? "needs Linux"
        : !Has("strace") ? "needs strace"
        : Try("strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "true") != 0 ? "strace may not trace here"
        : null);

    private static readonly Lazy<string?> MountObstacle = new(() =>
        !OperatingSystem.IsLinux() ? "needs Linux"
        : !Environment.IsPrivilegedProcess ? "needs root"
        : !Has("mount") ? "needs mount"
        : Fails(() => MountedFolder.Memory(64).Dispose()) ? "may not mount here"
        : null);

    private static readonly Lazy<string?> LoopObstacle = new(() =>
        MountObstacle.Value
        ?? (!Has("mkfs.ext4") ? "needs mkfs.ext4"
        : !File.Exists("/dev/loop-control") || Fails(MountLoop) ? "needs loop devices"
        : null));

    public static string? CannotTrace => StraceObstacle.Value;

    public static string? CannotMount => MountObstacle.Value;

    public static string? CannotLoop => LoopObstacle.Value;

    /// <summary>Runs a command of the system and asserts that it succeeds.</summary>
    public static void Run(string command, params string[] arguments)
    {
        using Process process = Start(command, arguments);
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Require.That(process.ExitCode == 0, $"{command} {string.Join(' ', arguments)} failed: {error.Trim()}");
    }

    private static int Try(string command, params string[] arguments)
    {
        using Process process = Start(command, arguments);
        _ = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    private static Process Start(string command, string[] arguments) =>
        Process.Start(new ProcessStartInfo(Find(command) ?? command, arguments) { RedirectStandardError = true, RedirectStandardOutput = false })
        ?? throw new InvalidOperationException($"{command} did not start");

    /// <summary>Makes an ext4 file system in a file.</summary>
    public static void MakeImage(string image, int mebibytes)
    {
        using (FileStream file = File.Create(image))
        {
            file.SetLength(mebibytes * 1024L * 1024);
        }

        Run("mkfs.ext4", "-q", "-F", image);
    }

    private static void MountLoop()
    {
        string folder = Scratch.Create();
        try
        {
            string image = Path.Combine(folder, "disk");
            MakeImage(image, SmallestImage);
            MountedFolder.Image(image).Dispose();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Fails(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (CheckFailedException)
        {
            return true;
        }
    }

    private static bool Has(string command) => Find(command) is not null;

    private static string? Find(string command) =>
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin").Split(Path.PathSeparator)
            .Where(folder => folder.Length > 0)
            .Select(folder => Path.Combine(folder, command))
            .FirstOrDefault(File.Exists);
}

/// <summary>A file system that is mounted for a while.</summary>
internal sealed class MountedFolder : IDisposable
{
    private MountedFolder(string path) => Path = path;

    public string Path { get; }

    /// <summary>A file system in memory, of a size.</summary>
    public static MountedFolder Memory(int kibibytes) => Mount("-t", "tmpfs", "-o", $"size={kibibytes}k", "tmpfs");

    /// <summary>The ext4 file system in a file. Its own commits are put off, so that only what is flushed gets to the file.</summary>
    public static MountedFolder Image(string image) => Mount("-o", "loop,commit=300", image);

    private static MountedFolder Mount(params string[] arguments)
    {
        string folder = Scratch.Create();
        try
        {
            Machine.Run("mount", [.. arguments, folder]);
            return new MountedFolder(folder);
        }
        catch
        {
            Directory.Delete(folder);
            throw;
        }
    }

    public void Dispose()
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                Machine.Run("umount", Path);
                break;
            }
            catch (CheckFailedException) when (attempt < 20)
            {
                Thread.Sleep(100); // a process that was killed may still be letting go of its files
            }
        }

        Directory.Delete(Path);
    }
}
