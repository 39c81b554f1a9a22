using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// The right to write to a session: the claim to its file, and the lock on <c>&lt;session file&gt;.lock</c>, which names the holder and keeps out
/// older versions of Opi, which lock only that.
/// </summary>
internal static class SessionLock
{
    /// <summary>Takes the lock.</summary>
    /// <exception cref="SessionLockedException">Another writer holds it.</exception>
    /// <exception cref="SessionWriteException">The lock file cannot be made, or its file system has no locks.</exception>
    public static FileLock Acquire(string sessionPath)
    {
        try
        {
            string path = PathFor(sessionPath);
            return FileLock.TryAcquire(path, out int? holder) ?? throw Locked(sessionPath, path, holder);
        }
        catch (NoLocksException error)
        {
            throw SessionWriteException.WithoutLocks(sessionPath, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SessionWriteException(sessionPath, $"its lock file cannot be used: {error.Message}", error);
        }
    }

    /// <summary>
    /// On Windows any program that opens the lock file keeps others out, for example a scanner: without a living holder's id it is not
    /// Opi's lock.
    /// </summary>
    private static SessionLockedException Locked(string sessionPath, string path, int? holder) => holder is null && OperatingSystem.IsWindows()
        ? SessionLockedException.ByOtherProgram(sessionPath, $"its lock file '{path}' open", null)
        : new SessionLockedException(sessionPath, holder);

    /// <summary>The same; null where the file system has no locks and that is accepted.</summary>
    /// <inheritdoc cref="Acquire(string)" path="/exception"/>
    public static FileLock? Acquire(string sessionPath, bool withoutLocks)
    {
        try
        {
            return Acquire(sessionPath);
        }
        catch (SessionWriteException error) when (withoutLocks && error.LacksLocks)
        {
            return null;
        }
    }

    /// <summary>Claims an open session file itself, so that no other handle writes to it.</summary>
    /// <exception cref="SessionLockedException">Another writer has it open.</exception>
    /// <exception cref="SessionWriteException">Its file system has no locks.</exception>
    public static FileClaim Claim(SafeFileHandle file, string sessionPath, bool withoutLocks = false)
    {
        try
        {
            return FileClaim.TryTake(file, withoutLocks) ?? throw new SessionLockedException(
                sessionPath, FileClaim.IsOwn(file) ? Environment.ProcessId : FileLock.HolderOf(PathFor(sessionPath)));
        }
        catch (NoLocksException error)
        {
            throw SessionWriteException.WithoutLocks(sessionPath, error);
        }
        catch (IOException error)
        {
            throw new SessionWriteException(sessionPath, error.Message, error);
        }
    }

    /// <summary>Where the lock of a session file is. Links are followed, so that a file has one lock for all its names.</summary>
    public static string PathFor(string sessionPath) => RegularFile.TargetOf(sessionPath) + ".lock";
}
