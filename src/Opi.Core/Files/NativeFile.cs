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
    private const int NotFound = 2;             // ENOENT
    private const int Interrupted = 4;          // EINTR
    private const int NotSupported = 22;        // EINVAL: the file system cannot flush a folder
    private const int FullFlush = 51;           // F_FULLFSYNC of macOS: through the drive's cache
    private const int CloseOnExecLinux = 0x80000;
    private const int CloseOnExecMac = 0x1000000;
    private const int NoWaitLinux = 0x800;      // O_NONBLOCK
    private const int NoWaitMac = 4;
    private const int NoFollowMac = 0x100;      // O_NOFOLLOW
    private const int ReadWrite = 2;            // O_RDWR
    private const int AppendLinux = 0x400;      // O_APPEND
    private const int AppendMac = 8;
    private const int Leased = 11;              // EWOULDBLOCK of Linux
    private const int LeaseTries = 1000;
    private const int ExclusiveNow = 2 | 4;     // LOCK_EX, LOCK_NB
    private const int NoLock = 8;               // LOCK_UN
    private const uint StartToWrite = 2;        // SYNC_FILE_RANGE_WRITE

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

    /// <summary>
    /// Lets the disk begin to write bytes of a file, and returns at once; only Linux can. It promises nothing: <see cref="Flush"/> does, and
    /// reports what failed since.
    /// </summary>
    public static void StartFlush(SafeFileHandle file, long offset, long count)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = StartSync(file, offset, count, StartToWrite);
        }
    }

    /// <summary>Returns when the folder's names are on the disk, so that a new file in it is found after a power loss.</summary>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // NTFS journals names by itself, and a folder cannot be flushed.
        }

        using SafeFileHandle handle = OpenFolder(folder);
        int error = Sync(handle);
        if (error is not 0 and not NotSupported)
        {
            throw Failure("flush the folder", error);
        }
    }

    /// <summary>
    /// Opens a file that exists, at once: it does not wait for the other end of a pipe. It takes no advisory lock, as the framework does.
    /// </summary>
    /// <inheritdoc cref="RegularFile.Open(string, FileAccess, bool)" path="/exception"/>
    public static SafeFileHandle Open(string path, FileAccess access, bool follow, bool append = false)
    {
        bool mac = OperatingSystem.IsMacOS();
        int flags = (mac ? CloseOnExecMac | NoWaitMac : CloseOnExecLinux | NoWaitLinux) | (access == FileAccess.Read ? 0 : ReadWrite);
        if (append)
        {
            flags |= mac ? AppendMac : AppendLinux;
        }

        if (!follow)
        {
            flags |= mac ? NoFollowMac : NoFollowLinux();
        }

        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw OpenFailure(path, NotFound); // the system would open the file that is named before that character
        }

        for (int tries = 0; ; tries++)
        {
            int descriptor = Open(path, flags);
            if (descriptor >= 0)
            {
                return new SafeFileHandle(descriptor, ownsHandle: true);
            }

            int error = Marshal.GetLastPInvokeError();
            if (error != Leased || tries == LeaseTries)
            {
                throw OpenFailure(path, error);
            }

            Thread.Sleep(1); // a lease (FileEnd) lasts for a moment
        }
    }

    /// <summary>
    /// Takes the advisory lock of the whole file, which is given back when the handle is closed; false when another handle holds it. Other
    /// versions of Opi take the same lock through the framework, which skips a file system without locks in silence.
    /// </summary>
    /// <exception cref="IOException">The file system has no locks.</exception>
    public static bool TryLock(SafeFileHandle file)
    {
        while (true)
        {
            int error = Lock(file, ExclusiveNow) == 0 ? 0 : Marshal.GetLastPInvokeError();
            switch (error)
            {
                case 0: return true;
                case 11 or 35: return false; // EWOULDBLOCK
                case Interrupted: break;
                default: throw new NoLocksException(error);
            }
        }
    }

    /// <summary>Gives the lock back, also where a process that is being started has the handle too.</summary>
    public static void Unlock(SafeFileHandle file) => _ = Lock(file, NoLock);

    /// <summary>The user that this process acts as.</summary>
    public static uint UserId() => EffectiveUser();

    /// <summary>Opens a folder, which the framework does not.</summary>
    private static SafeFileHandle OpenFolder(string path)
    {
        int closeOnExec = OperatingSystem.IsMacOS() ? CloseOnExecMac : OperatingSystem.IsLinux() ? CloseOnExecLinux : 0;
        int descriptor = Open(path, closeOnExec);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failure($"open '{path}'", Marshal.GetLastPInvokeError());
    }

    private static int NoFollowLinux() =>
        RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 ? 0x8000 : 0x20000;

    private static Exception OpenFailure(string path, int error) => error switch
    {
        NotFound => new FileNotFoundException($"'{path}' does not exist", path),
        20 => new DirectoryNotFoundException($"the folder of '{path}' does not exist"),
        1 or 13 or 30 => new UnauthorizedAccessException($"access to '{path}' is denied"),
        6 => new IOException($"'{path}' is not a regular file", error),
        21 => new UnauthorizedAccessException($"'{path}' is a folder"),
        40 or 62 => new IOException($"'{path}' is a symbolic link, which is not followed here", error),
        _ => Failure($"open '{path}'", error),
    };

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

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int StartSync(SafeFileHandle file, long offset, long count, uint flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FileControl(SafeFileHandle file, int command);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
