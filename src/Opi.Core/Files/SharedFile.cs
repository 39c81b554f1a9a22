using System.Diagnostics;

namespace Opi;

/// <summary>
/// What other programs hold open for a moment. Windows refuses to open, replace or delete such a file; scanners and indexers do it all the
/// time, and so does another process of Opi that replaces a file.
/// </summary>
internal static class SharedFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Does something, and on Windows does it again for about a second while the file is refused.</summary>
    public static T Retry<T>(Func<T> action)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return action();
            }
            catch (Exception error) when (IsPassing(error) && Stopwatch.GetElapsedTime(start) < Patience)
            {
                Thread.Sleep(Pause);
            }
        }
    }

    /// <inheritdoc cref="Retry{T}(Func{T})"/>
    public static void Retry(Action action) => Retry(() =>
    {
        action();
        return true;
    });

    private static bool IsPassing(Exception error) =>
        OperatingSystem.IsWindows() && (error is UnauthorizedAccessException || (error is IOException io && NativeFile.IsSharingViolation(io)));
}
