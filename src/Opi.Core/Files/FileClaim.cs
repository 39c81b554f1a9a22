using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// A claim to write to a file, made on the file itself: a hard link to the file has the same claim, and there is no separate lock file that
/// could be deleted. On Linux and macOS it is a lock of the open file description, on Windows the lock of a byte far behind any
/// end. Neither hinders a reader, and the system takes it back when the handle is closed, however the process ends.
/// </summary>
internal sealed partial class FileClaim : IDisposable
{
    private const short WriteLock = 1;             // F_WRLCK of Linux
    private const short WriteLockMac = 3;          // F_WRLCK of macOS
    private const short NoLock = 2;                // F_UNLCK of both
    private const int SetOpenFileLock = 37;        // F_OFD_SETLK of Linux
    private const int SetOpenFileLockMac = 90;     // F_OFD_SETLK of macOS
    private const int LockHeld = 33;               // ERROR_LOCK_VIOLATION of Windows

    // For messages only: a claim that was never given up leaves its entry here, while the system has taken the lock back.
    private static readonly ConcurrentDictionary<FileIdentity, WeakReference<SafeFileHandle>> OwnFiles = new();

    private readonly FileIdentity _file;
    private readonly WeakReference<SafeFileHandle> _handle;

    private FileClaim(FileIdentity file, SafeFileHandle handle)
    {
        _file = file;
        OwnFiles[file] = _handle = new WeakReference<SafeFileHandle>(handle);
    }

    public static bool IsOwn(SafeFileHandle file) => OwnFiles.ContainsKey(KeyOf(file));

    /// <summary>Whether this process holds the claim to the file of a name.</summary>
    public static bool IsOwn(string path) => FileIdentity.Of(path) is { } file && OwnFiles.ContainsKey(KeyOf(file));

    /// <summary>Claims a file that is open for writing; null when another handle has the claim.</summary>
    /// <param name="file">The file.</param>
    /// <param name="withoutLocks">
    /// Whether a file system without locks is accepted: then only other handles of this process are kept out. Where there are locks, they count.
    /// </param>
    /// <exception cref="NoLocksException">The file system has no locks. It is never taken for a claim that holds.</exception>
    public static FileClaim? TryTake(SafeFileHandle file, bool withoutLocks = false)
    {
        FileIdentity key = KeyOf(file);
        try
        {
            if (!TryLock(file))
            {
                return null;
            }
        }
        catch (NoLocksException) when (withoutLocks)
        {
            lock (OwnFiles)
            {
                if (OwnFiles.TryGetValue(key, out WeakReference<SafeFileHandle>? own) && own.TryGetTarget(out SafeFileHandle? held)
                    && held is { IsClosed: false })
                {
                    return null;
                }

                return new FileClaim(key, file);
            }
        }

        return new FileClaim(key, file);
    }

    /// <summary>
    /// Gives the claim up, before its handle is closed: a process that was started at this moment may have the handle too until it runs its
    /// program, and would hold the lock so long.
    /// </summary>
    public void Dispose()
    {
        if (!OperatingSystem.IsWindows() && _handle.TryGetTarget(out SafeFileHandle? file) && !file.IsClosed)
        {
            _ = OperatingSystem.IsMacOS() ? LockOnMac(file, NoLock) : LockOnLinux(file, NoLock);
        }

        OwnFiles.TryRemove(KeyValuePair.Create(_file, _handle));
    }

    private static FileIdentity KeyOf(SafeFileHandle file) => KeyOf(FileIdentity.Of(file));

    private static FileIdentity KeyOf(FileIdentity file) => new(file.Device, file.Number, IsRegular: true, Owner: 0, Length: 0, IsReadOnly: false);

    private static bool TryLock(SafeFileHandle file)
    {
        bool windows = OperatingSystem.IsWindows();
        int error = windows ? WindowsFile.LockLastByte(file)
            : OperatingSystem.IsMacOS() ? LockOnMac(file, WriteLockMac)
            : LockOnLinux(file, WriteLock);
        return error switch
        {
            0 => true,
            LockHeld when windows => false,
            11 or 13 or 35 when !windows => false, // EAGAIN and EACCES of Linux, EAGAIN of macOS: another handle holds it
            _ => throw new NoLocksException(error),
        };
    }

    private static unsafe int LockOnLinux(SafeFileHandle file, short type)
    {
        var range = new LinuxRange { Type = type };
        return Control(file, SetOpenFileLock, (nint)(&range)) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    private static unsafe int LockOnMac(SafeFileHandle file, short type)
    {
        var range = new MacRange { Type = type };
        int result = RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? ControlOnStack(file, SetOpenFileLockMac, 0, 0, 0, 0, 0, 0, (nint)(&range))
            : Control(file, SetOpenFileLockMac, (nint)(&range));
        return result == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct LinuxRange
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int ProcessId;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct MacRange
    {
        public long Start;
        public long Length;
        public int ProcessId;
        public short Type;
        public short Whence;
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, nint range);

    // Apple's arm64 passes variable arguments on the stack: six values fill the registers before them.
    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int ControlOnStack(SafeFileHandle file, int command, nint a, nint b, nint c, nint d, nint e, nint f, nint range);
}
