using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>Files in a temporary folder that only this user can read.</summary>
internal static class PrivateFile
{
    /// <summary>Makes a temporary folder.</summary>
    public static DirectoryInfo MakeFolder() => Directory.CreateTempSubdirectory("opi-");

    /// <summary>Expands a file that is compressed with Zstandard. What it was is gone when the handle is closed.</summary>
    /// <param name="file">The file. Damage is noted in it.</param>
    /// <exception cref="IOException">It cannot be read, or the library is missing.</exception>
    public static SafeFileHandle Expand(LogFile file)
    {
        using var compressed = new FileStream(RegularFile.Open(file.Path), FileAccess.Read);
        DirectoryInfo? folder = OperatingSystem.IsWindows() ? null : MakeFolder();
        string path = Path.Combine(folder?.FullName ?? Path.GetTempPath(), $"opi-{Path.GetRandomFileName()}");
        FileOptions options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None;
        SafeFileHandle opened = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, options);
        var target = new FileStream(opened, FileAccess.ReadWrite, bufferSize: 0);
        try
        {
            folder?.Delete(recursive: true); // the handle keeps the file
            string? damage = null;
            FileSizeLimit.Guard(() => damage = StoreLibrary.Access.Expand(compressed, target, CancellationToken.None));
            if (damage is not null)
            {
                file.NoteDamage(damage);
            }

            return target.SafeFileHandle;
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }
}
