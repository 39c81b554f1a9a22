using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>What Windows knows about a file and the framework does not show.</summary>
internal static partial class WindowsFile
{
    private const uint ShareAll = 7;               // FILE_SHARE_READ, _WRITE, _DELETE
    private const uint OpenExisting = 3;
    private const uint ReadAttributes = 0x80;      // FILE_READ_ATTRIBUTES: no share mode refuses it
    private const uint FoldersToo = 0x02000000;    // FILE_FLAG_BACKUP_SEMANTICS
    private const int StandardInfo = 1;            // FileStandardInfo
    private const int DeletePendingAt = 20;
    private const uint ExclusiveNow = 2 | 1;       // LOCKFILE_EXCLUSIVE_LOCK, LOCKFILE_FAIL_IMMEDIATELY
    private const int LongestPlainPath = 240;
    private const int LongestPath = 32_768;

    /// <summary>
    /// Opens a file or folder to see what it is, also one that another program does not share; null when there is none, only the name of
    /// one that is being deleted, or a device.
    /// </summary>
    /// <exception cref="IOException">The system cannot say.</exception>
    public static SafeFileHandle? OpenToLook(string path)
    {
        if (IsDevice(Path.GetFullPath(path)))
        {
            return null;
        }

        SafeFileHandle file = CreateFile(Extended(path), ReadAttributes, ShareAll, 0, OpenExisting, FoldersToo, 0);
        if (!file.IsInvalid)
        {
            return file;
        }

        int error = Marshal.GetLastPInvokeError();
        file.Dispose();
        return error switch
        {
            2 or 3 or 53 or 67 => null, // ERROR_FILE_NOT_FOUND, _PATH_NOT_FOUND, _BAD_NETPATH, _BAD_NET_NAME
            123 or 161 => null,         // ERROR_INVALID_NAME, _BAD_PATHNAME: nothing can have that name
            5 or 303 => null,           // ERROR_ACCESS_DENIED, _DELETE_PENDING: the name of a file that is to be deleted
            _ => throw new IOException($"could not look at '{path}': {new Win32Exception(error).Message}", error),
        };
    }

    /// <summary>Whether an open file is deleted, or will be once its last handle is closed.</summary>
    public static unsafe bool IsGoing(SafeFileHandle file)
    {
        byte* facts = stackalloc byte[24];
        return GetFileInformationByHandleEx(file, StandardInfo, facts, 24) != 0 && facts[DeletePendingAt] != 0;
    }

    /// <summary>
    /// Locks a byte that no file reaches, so that reading stays possible. The lock ends with the handle. It is on the file, whichever
    /// name was used to open it.
    /// </summary>
    /// <returns>0, or the error of the system.</returns>
    public static unsafe int LockLastByte(SafeFileHandle file)
    {
        var place = new LockPlace { OffsetLow = 0, OffsetHigh = int.MaxValue };
        return LockFileEx(file, ExclusiveNow, 0, 1, 0, &place) != 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>
    /// A complete path by which Opi knows a file: with long names in place of short ones (<c>PROGRA~1</c>), and without the dots and spaces
    /// behind a name that Windows leaves out. Of a file that does not exist yet, the short names stay.
    /// </summary>
    public static string LongPath(string path)
    {
        string full = Path.GetFullPath(path);
        if (!full.Contains('~', StringComparison.Ordinal))
        {
            return full;
        }

        char[] name = new char[LongestPath];
        int length = GetLongPathName(full, name, name.Length);
        return length > 0 && length < name.Length ? new string(name, 0, length) : full;
    }

    /// <summary>Whether a complete path means a device, as <c>NUL</c>, <c>NUL.md</c> and <c>COM1</c> do in any folder.</summary>
    public static bool IsDevice(string path) =>
        OperatingSystem.IsWindows() && path.StartsWith(@"\\.\", StringComparison.Ordinal);

    /// <summary>A long path in the form that Windows takes literally; shorter paths unchanged.</summary>
    private static string Extended(string path)
    {
        string full = Path.GetFullPath(path);
        bool isPlain = full.Length < LongestPlainPath
            || full.StartsWith(@"\\?\", StringComparison.Ordinal) || full.StartsWith(@"\\.\", StringComparison.Ordinal);
        return isPlain ? full
            : full.StartsWith(@"\\", StringComparison.Ordinal) ? @"\\?\UNC" + full[1..]
            : @"\\?\" + full;
    }

    /// <summary>OVERLAPPED.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct LockPlace
    {
        public nint Status;
        public nint Transferred;
        public uint OffsetLow;
        public uint OffsetHigh;
        public nint Event;
    }

    [LibraryImport("kernel32", SetLastError = true)]
    private static unsafe partial int LockFileEx(
        SafeFileHandle file, uint flags, uint reserved, uint lengthLow, uint lengthHigh, LockPlace* place);

    [LibraryImport("kernel32", EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial SafeFileHandle CreateFile(
        string path, uint access, uint share, nint security, uint disposition, uint flags, nint template);

    [LibraryImport("kernel32", EntryPoint = "GetLongPathNameW", StringMarshalling = StringMarshalling.Utf16)]
    private static partial int GetLongPathName(string path, [Out] char[] name, int size);

    [LibraryImport("kernel32", SetLastError = true)]
    private static unsafe partial int GetFileInformationByHandleEx(SafeFileHandle file, int kind, byte* facts, uint size);
}
