using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>Which file an open handle or a name means, and what kind of file it is.</summary>
/// <param name="Device">The volume.</param>
/// <param name="Number">The file's number there: the inode.</param>
/// <param name="IsRegular">Whether it holds bytes on a disk: no folder, no pipe, no device, no symbolic link.</param>
/// <param name="Owner">The user who owns it; 0 on Windows.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="IsReadOnly">Whether it is read-only.</param>
internal readonly partial record struct FileIdentity(ulong Device, ulong Number, bool IsRegular, uint Owner, long Length, bool IsReadOnly)
{
    private const int TypeMask = 0xF000;
    private const int RegularType = 0x8000;
    private const int WriteBits = 0x92;            // 0222
    private const int CurrentFolder = -100;        // AT_FDCWD
    private const int EmptyPath = 0x1000;          // AT_EMPTY_PATH: the descriptor itself
    private const uint BasicStats = 0x7FF;
    private const int DiskFile = 1;                // FILE_TYPE_DISK

    /// <summary>When its bytes were last written, in a unit of the system's: only to compare.</summary>
    public long Written { get; init; }

    /// <summary>When anything of the file last changed, which no program can set; 0 where the system does not know. Only for comparing.</summary>
    public long Changed { get; init; }

    /// <summary>The file of an open handle.</summary>
    /// <exception cref="IOException">The system cannot say.</exception>
    public static unsafe FileIdentity Of(SafeFileHandle file)
    {
        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            nint handle = file.DangerousGetHandle();
            return OperatingSystem.IsWindows() ? OfWindows(handle)
                : OperatingSystem.IsLinux() ? OfLinux((int)handle, "", EmptyPath) ?? throw Failure()
                : OfMac(null, (int)handle) ?? throw Failure();
        }
        finally
        {
            if (held)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>The file that a name means; null when there is none. A symbolic link is followed.</summary>
    /// <exception cref="IOException">The system cannot say.</exception>
    public static unsafe FileIdentity? Of(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            using SafeFileHandle? file = WindowsFile.OpenToLook(path);
            return file is null ? null : Of(file);
        }

        if (path.Contains('\0', StringComparison.Ordinal))
        {
            return null; // the system would take what is before that character
        }

        FileIdentity? found = OperatingSystem.IsLinux() ? OfLinux(CurrentFolder, path, 0) : OfMac(path, 0);
        return found is not null || Marshal.GetLastPInvokeError() is 2 or 20 ? found : throw Failure(); // ENOENT, ENOTDIR
    }

    /// <summary>Whether a name is a symbolic link.</summary>
    public static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    /// <summary>
    /// Whether an open file is to be deleted: it is there by its name until the last handle on it is closed. Only Windows knows this, on
    /// file systems that keep the name; elsewhere the name is gone.
    /// </summary>
    public static bool IsGoing(SafeFileHandle file) => OperatingSystem.IsWindows() && WindowsFile.IsGoing(file);

    public bool IsSameAs(FileIdentity other) => (Device, Number) == (other.Device, other.Number);

    private static unsafe FileIdentity? OfLinux(int folder, string path, int flags)
    {
        long call = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 332,
            Architecture.X86 => 383,
            Architecture.Arm => 397,
            _ => 291,
        };
        byte* buffer = stackalloc byte[256];
        if (StatX((nint)call, folder, path, flags, BasicStats, buffer) != 0)
        {
            return null;
        }

        var bytes = new ReadOnlySpan<byte>(buffer, 256);
        return new FileIdentity(
            ((ulong)MemoryMarshal.Read<uint>(bytes[136..]) << 32) | MemoryMarshal.Read<uint>(bytes[140..]),
            MemoryMarshal.Read<ulong>(bytes[32..]),
            (MemoryMarshal.Read<ushort>(bytes[28..]) & TypeMask) == RegularType,
            MemoryMarshal.Read<uint>(bytes[20..]),
            MemoryMarshal.Read<long>(bytes[40..]),
            (MemoryMarshal.Read<ushort>(bytes[28..]) & WriteBits) == 0)
        {
            Changed = Nanoseconds(MemoryMarshal.Read<long>(bytes[96..]), MemoryMarshal.Read<uint>(bytes[104..])),
            Written = Nanoseconds(MemoryMarshal.Read<long>(bytes[112..]), MemoryMarshal.Read<uint>(bytes[120..])),
        };
    }

    /// <summary>By the layout of macOS's 64-bit stat.</summary>
    private static unsafe FileIdentity? OfMac(string? path, int descriptor)
    {
        byte* buffer = stackalloc byte[256];
        if ((path is null ? FileStatus(descriptor, buffer) : PathStatus(path, buffer)) != 0)
        {
            return null;
        }

        var bytes = new ReadOnlySpan<byte>(buffer, 256);
        return new FileIdentity(
            MemoryMarshal.Read<uint>(bytes),
            MemoryMarshal.Read<ulong>(bytes[8..]),
            (MemoryMarshal.Read<ushort>(bytes[4..]) & TypeMask) == RegularType,
            MemoryMarshal.Read<uint>(bytes[16..]),
            MemoryMarshal.Read<long>(bytes[96..]),
            (MemoryMarshal.Read<ushort>(bytes[4..]) & WriteBits) == 0)
        {
            Written = Nanoseconds(MemoryMarshal.Read<long>(bytes[48..]), MemoryMarshal.Read<long>(bytes[56..])),
            Changed = Nanoseconds(MemoryMarshal.Read<long>(bytes[64..]), MemoryMarshal.Read<long>(bytes[72..])),
        };
    }

    private static unsafe FileIdentity OfWindows(nint handle)
    {
        uint* facts = stackalloc uint[13];
        if (GetFileInformationByHandle(handle, facts) == 0)
        {
            throw Failure();
        }

        return new FileIdentity(
            facts[7],
            ((ulong)facts[11] << 32) | facts[12],
            // Opening the handle followed links; what is still marked as one, a cloud or deduplicated file, has content.
            GetFileType(handle) == DiskFile && ((FileAttributes)facts[0] & FileAttributes.Directory) == 0,
            0,
            (long)(((ulong)facts[8] << 32) | facts[9]),
            ((FileAttributes)facts[0] & FileAttributes.ReadOnly) != 0)
        {
            Written = (long)(((ulong)facts[6] << 32) | facts[5]),
            Changed = ChangeOnWindows(handle),
        };
    }

    private static unsafe long ChangeOnWindows(nint handle)
    {
        long* times = stackalloc long[5]; // FILE_BASIC_INFO: made, read, written, changed; attributes
        return GetFileInformationByHandleEx(handle, 0, times, 5 * sizeof(long)) == 0 ? 0 : times[3];
    }

    private static long Nanoseconds(long seconds, long rest) => unchecked((seconds * 1_000_000_000) + rest);

    private static IOException Failure()
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"could not look at the file: {new Win32Exception(error).Message}", error);
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial nint StatX(nint number, int folder, string path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", EntryPoint = "fstat", SetLastError = true)]
    private static unsafe partial int FileStatus(int descriptor, byte* buffer);

    [LibraryImport("libc", EntryPoint = "stat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int PathStatus(string path, byte* buffer);

    [LibraryImport("kernel32", SetLastError = true)]
    private static unsafe partial int GetFileInformationByHandle(nint file, uint* facts);

    [LibraryImport("kernel32", SetLastError = true)]
    private static unsafe partial int GetFileInformationByHandleEx(nint file, int kind, long* facts, uint size);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial int GetFileType(nint file);
}
