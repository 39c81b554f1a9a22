using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// Writes where the size of files is limited, by the file system or for the process (ulimit -f). Beyond the latter the system sends SIGXFSZ,
/// which ends the process; once it is handled, the write fails instead. The framework then throws an
/// <see cref="ArgumentOutOfRangeException"/>; here it is an <see cref="IOException"/>, like all other failures of a write.
/// </summary>
internal static class FileSizeLimit
{
    private const PosixSignal FileSizeExceeded = (PosixSignal)25; // on Linux and on macOS

    private static readonly PosixSignalRegistration? Registration = Register();

    /// <summary>Runs what writes to a stream of a file.</summary>
    /// <exception cref="IOException">The file would be too large.</exception>
    public static void Guard(Action write)
    {
        HandleSignal();
        try
        {
            write();
        }
        catch (ArgumentOutOfRangeException error) when (IsTooLarge(error))
        {
            throw TooLarge(error);
        }
    }

    /// <summary>Writes bytes to a place of a file.</summary>
    /// <exception cref="IOException">The file would be too large, or cannot be written.</exception>
    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long at)
    {
        HandleSignal();
        try
        {
            RandomAccess.Write(file, bytes, at);
        }
        catch (ArgumentOutOfRangeException error) when (IsTooLarge(error))
        {
            throw TooLarge(error);
        }
    }

    /// <summary>Whether it is what the framework makes of EFBIG: it names no argument's value, as its checks of arguments do.</summary>
    private static bool IsTooLarge(ArgumentOutOfRangeException error) => error is { ParamName: "value", ActualValue: null };

    private static IOException TooLarge(Exception error) =>
        new("the file would be larger than the file system or the limit of file sizes (ulimit -f) allows", error);

    /// <summary>Has the signal handled from now on.</summary>
    private static void HandleSignal() => GC.KeepAlive(Registration);

    private static PosixSignalRegistration? Register()
    {
        try
        {
            return OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(FileSizeExceeded, context => context.Cancel = true);
        }
        catch (Exception error) when (error is PlatformNotSupportedException or IOException)
        {
            return null;
        }
    }
}
