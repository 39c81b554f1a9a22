using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// Keeps a file to one handle for a moment (fcntl's F_SETLEASE of Linux): it is granted only if no other handle has the file open, and
/// a program that opens the file meanwhile waits for the end of the lease.
/// </summary>
internal sealed partial class FileLease : IDisposable
{
    private const int SetSignal = 10;   // F_SETSIG
    private const int SetLease = 1024;  // F_SETLEASE
    private const int Write = 1;        // F_WRLCK
    private const int None = 2;         // F_UNLCK
    private const int Urgent = 23;      // SIGURG: skipped by default, where the lease's own signal would end the process

    private readonly SafeFileHandle _file;

    private FileLease(SafeFileHandle file) => _file = file;

    /// <summary>Takes the lease of a file; null where another handle has it open, or the file system has no leases.</summary>
    public static FileLease? TryTake(SafeFileHandle file) =>
        Control(file, SetSignal, Urgent) == 0 && Control(file, SetLease, Write) == 0 ? new FileLease(file) : null;

    public void Dispose() => _ = Control(_file, SetLease, None);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, nint argument);
}
