namespace Opi;

/// <summary>
/// Access to files that other programs hold open for a moment. Windows refuses to open, replace or delete such a file; scanners and indexers do it
/// all the time, and so does another process of Opi that replaces a file.
/// </summary>
internal static class SharedFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortPatience = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Does something, and on Windows does it again for about a second while the file is refused.</summary>
    public static T Retry<T>(Func<T> action) => Retry(action, Patience, IsPassing);

    /// <summary>
    /// As <see cref="Retry{T}(Func{T})"/>, but for a fifth of a second only, and not when access is denied: that may be so for many files.
    /// </summary>
    public static T RetryShortly<T>(Func<T> action) => Retry(action, ShortPatience, IsUnshared);

    /// <inheritdoc cref="RetryShortly{T}(Func{T})"/>
    public static void RetryShortly(Action action) => RetryShortly(() =>
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

    private static T Retry<T>(Func<T> action, TimeSpan patience, Func<Exception, bool> isPassing)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return action();
            }
            catch (Exception error) when (isPassing(error) && TimeProvider.System.GetElapsedTime(start) < patience)
            {
                Thread.Sleep(Pause);
            }
        }
    }
}
