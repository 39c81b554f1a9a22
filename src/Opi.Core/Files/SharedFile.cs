namespace Opi;

/// <summary>
/// Access to files that other programs hold open for a moment. Windows refuses to open, replace or delete such a file; scanners and indexers do it
/// all the time, and so does another process of Opi that replaces a file.
/// </summary>
internal static class SharedFile
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a program that has a file for itself is waited for: a scanner needs less.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Does something, and on Windows does it again for about a second while the file is refused.</summary>
    public static T Retry<T>(Func<T> action) => Retry(action, IsPassing);

    /// <summary>As <see cref="Retry{T}(Func{T})"/>, but not when access is denied: that may be so for many files.</summary>
    public static T RetryUnshared<T>(Func<T> action) => Retry(action, IsUnshared);

    /// <inheritdoc cref="RetryUnshared{T}(Func{T})"/>
    public static void RetryUnshared(Action action) => RetryUnshared(() =>
    {
        action();
        return true;
    });

    /// <inheritdoc cref="Retry{T}(Func{T})"/>
    public static void Retry(Action action) => Retry(() =>
    {
        action();
        return true;
    });

    /// <summary>Whether an error says that another program has the file open and does not share it. Only Windows has such files.</summary>
    public static bool IsUnshared(Exception error) =>
        OperatingSystem.IsWindows() && error is IOException { HResult: unchecked((int)0x80070020) or unchecked((int)0x80070021) };

    private static bool IsPassing(Exception error) =>
        IsUnshared(error) || (OperatingSystem.IsWindows() && error is UnauthorizedAccessException);

    private static T Retry<T>(Func<T> action, Func<Exception, bool> isPassing)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return action();
            }
            catch (Exception error) when (isPassing(error) && TimeProvider.System.GetElapsedTime(start) < Patience)
            {
                Thread.Sleep(Pause);
            }
        }
    }
}
