using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>What the framework does not offer, or not reliably: a flush to disk that fails when the disk does, and one for a folder.</summary>
/// <remarks>
/// <see cref="RandomAccess.FlushToDisk"/> of .NET 10.0.12 on Linux returns normally when fsync fails (seen with injected faults), so a
/// turn could be acknowledged that never reached the disk.
/// </remarks>
internal static partial class NativeFile
{
    private const int Interrupted = 4;          // EINTR
    private const int NotSupported = 22;        // EINVAL: the file system cannot flush a folder
    private const int FullFlush = 51;           // F_FULLFSYNC of macOS: through the drive's cache
    private const int CloseOnExecLinux = 0x80000;
    private const int CloseOnExecMac = 0x1000000;

    /// <summary>Returns when the file's bytes are on the disk.</summary>
    /// <exception cref="IOException">The disk failed. What it holds is not known then.</exception>
    public static void Flush(SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }

        int error = Sync(file);
        if (error != 0)
        {
            throw Failure("flush", error);
        }
    }

    /// <summary>Returns when the folder's names are on the disk, so that a new file in it is found after a power loss.</summary>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // NTFS journals names by itself, and a folder cannot be flushed.
        }

        using SafeFileHandle handle = OpenForReading(folder);
        int error = Sync(handle);
        if (error is not 0 and not NotSupported)
        {
            throw Failure("flush the folder", error);
        }
    }

    /// <summary>Opens for reading without the advisory lock that the framework takes: the lock's owner must be readable while it is held.</summary>
    public static SafeFileHandle OpenForReading(string path)
    {
        int closeOnExec = OperatingSystem.IsMacOS() ? CloseOnExecMac : OperatingSystem.IsLinux() ? CloseOnExecLinux : 0;
        int descriptor = Open(path, closeOnExec);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failure($"open '{path}'", Marshal.GetLastPInvokeError());
    }

    private static int Sync(SafeFileHandle file)
    {
        int error;
        do
        {
            bool synced = OperatingSystem.IsMacOS() ? FileControl(file, FullFlush) == 0 || FileSync(file) == 0 : FileSync(file) == 0;
            error = synced ? 0 : Marshal.GetLastPInvokeError();
        }
        while (error == Interrupted);
        return error;
    }

    private static IOException Failure(string what, int error) =>
        new($"could not {what}: {new Win32Exception(error).Message}", error);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FileSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FileControl(SafeFileHandle file, int command);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
