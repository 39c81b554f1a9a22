using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// A lock file, held open exclusively. The system releases it when the process ends, in whatever way. It holds
/// the id of the process, for the message that the next one gets. The file stays, because deleting it would let two processes hold two
/// files of one name.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private const int LongestId = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan EndingHolder = TimeSpan.FromMilliseconds(200);

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private bool _hasId;

    private FileLock(SafeFileHandle file, string path) => (_file, _path) = (file, path);

    /// <summary>Takes the lock; null when another handle holds it.</summary>
    /// <param name="path">The lock file.</param>
    /// <param name="holder">The process that holds it, where that is known and it lives.</param>
    /// <exception cref="IOException">The lock file cannot be made, is a link or no regular file, or its file system has no locks.</exception>
    /// <exception cref="UnauthorizedAccessException">The lock file may not be opened, or is another user's.</exception>
    public static FileLock? TryAcquire(string path, out int? holder)
    {
        FileLock? held = OperatingSystem.IsWindows() ? TryAcquireOnWindows(path) : TryAcquireOnUnix(path);
        holder = held is null ? HolderOf(path) : null;
        held?.NameHolder();
        return held;
    }

    /// <summary>Takes the lock, and waits for its holder; null when that takes too long.</summary>
    /// <param name="path">The lock file.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="holder">The process that holds it, where that is known.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <param name="timeProvider">The clock that the patience is measured by; null for the system's.</param>
    /// <inheritdoc cref="TryAcquire(string, out int?)" path="/exception"/>
    public static FileLock? TryAcquire(
        string path, TimeSpan patience, out int? holder, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default)
    {
        timeProvider ??= TimeProvider.System;
        long start = timeProvider.GetTimestamp();
        FileLock? held;
        while ((held = TryAcquire(path, out holder)) is null && timeProvider.GetElapsedTime(start) < patience)
        {
            cancellationToken.WaitHandle.WaitOne(Pause);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return held;
    }

    /// <summary>The process whose id a lock file holds; null when it does not say, or that process has ended.</summary>
    public static int? HolderOf(string path)
    {
        try
        {
            using SafeFileHandle file = RegularFile.Open(path, FileAccess.Read, follow: false);
            return ReadId(file) is { } id && IsAlive(id) ? id : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // the id is only for a message
        }
    }

    /// <summary>Gives the lock up and deletes its file, where there is nothing left to lock. A process that took it in between keeps it.</summary>
    public void Delete()
    {
        if (OperatingSystem.IsWindows())
        {
            Dispose(); // an open file cannot be deleted there
        }

        try
        {
            SharedFile.RetryUnshared(() => File.Delete(_path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another process opened it just now. An empty lock file does no harm.
        }

        Dispose();
    }

    /// <summary>Releases the lock and empties its file, so that no message names a process that no longer holds it.</summary>
    public void Dispose()
    {
        if (_file.IsClosed)
        {
            return;
        }

        try
        {
            if (_hasId)
            {
                RandomAccess.SetLength(_file, 0);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The id is only for messages.
        }

        if (!OperatingSystem.IsWindows())
        {
            NativeFile.Unlock(_file);
        }

        _file.Dispose();
    }

    private static FileLock? TryAcquireOnUnix(string path)
    {
        while (true)
        {
            SafeFileHandle file = RegularFile.OpenOrCreateOwn(path);
            bool locked = false;
            try
            {
                if (!NativeFile.TryLock(file))
                {
                    return null;
                }

                if (FileIdentity.Of(path) is { } named && named.IsSameAs(FileIdentity.Of(file)))
                {
                    locked = true;
                    return new FileLock(file, path);
                }
            }
            finally
            {
                if (!locked)
                {
                    file.Dispose(); // held, or deleted by its last holder between the two calls: then the new file is tried
                }
            }
        }
    }

    /// <summary>
    /// There the share mode is the lock. A holder that lives may be about to end and is waited for shortly; a backup or a scanner that reads
    /// the file, longer.
    /// </summary>
    private static FileLock? TryAcquireOnWindows(string path)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileLock(OwnerOnlyFile.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read).SafeFileHandle, path);
            }
            catch (IOException error) when (SharedFile.IsUnshared(error))
            {
                if (!IsWorthWaiting(start, () => HolderOf(path)))
                {
                    return null;
                }

                Thread.Sleep(Pause);
            }
        }
    }

    /// <summary>
    /// Whether to wait on for a file that Windows refuses: shortly for a process of Opi that holds it, longer for any other program.
    /// </summary>
    /// <param name="start">When the waiting began, by the system's clock.</param>
    /// <param name="holder">The process of Opi that holds it; null when there is none.</param>
    public static bool IsWorthWaiting(long start, Func<int?> holder)
    {
        TimeSpan waited = TimeProvider.System.GetElapsedTime(start);
        return waited < EndingHolder || (waited < SharedFile.Patience && holder() is null);
    }

    /// <summary>Writes this process's id into the lock file, but never over anything else than such an id.</summary>
    private void NameHolder()
    {
        try
        {
            if (RandomAccess.GetLength(_file) > 0 && ReadId(_file) is null)
            {
                return;
            }

            byte[] text = Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
            RandomAccess.SetLength(_file, 0);
            _hasId = true;
            FileSizeLimit.Write(_file, text, 0);
        }
        catch (IOException)
        {
            // The id is only for the message: on a full disk the lock holds without it.
        }
    }

    private static int? ReadId(SafeFileHandle file)
    {
        Span<byte> text = stackalloc byte[LongestId + 1];
        int length = RandomAccess.Read(file, text, 0);
        return int.TryParse(text[..length].TrimEnd((byte)'\n'), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : null;
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
