using System.Runtime.InteropServices;

namespace Opi;

/// <summary>
/// Where the size of files is limited (ulimit -f), a write beyond the limit sends SIGXFSZ, which ends the process. Once it is handled, the
/// write and its turn fail with an error instead.
/// </summary>
internal static class FileSizeSignal
{
    private const PosixSignal FileSizeExceeded = (PosixSignal)25; // on Linux and on macOS

    private static readonly PosixSignalRegistration? Registration = Register();

    /// <summary>Has the signal handled from now on.</summary>
    public static void Handle() => GC.KeepAlive(Registration);

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
