using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// The right to write, as an open handle on a lock file that nobody else can open. The system takes it back when the process ends, however
/// it ends. The file stays, because deleting it would let two writers hold two files of one name.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes the lock; null when somebody holds it.</summary>
    /// <param name="path">The lock file.</param>
    /// <param name="holder">The process that holds it, where that is known.</param>
    /// <exception cref="IOException">The lock file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The lock file may not be opened.</exception>
    public static FileLock? TryAcquire(string path, out int? holder)
    {
        holder = null;
        try
        {
            var held = new FileLock(
                OwnerOnlyFile.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None));
            held.NameHolder();
            return held;
        }
        catch (IOException) when (ReadHolder(path) is { Held: true } other)
        {
            holder = other.ProcessId;
            return null;
        }
    }

    /// <summary>Takes the lock, and waits for whoever holds it; null when that takes too long.</summary>
    /// <param name="path">The lock file.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="holder">The process that holds it, where that is known.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <inheritdoc cref="TryAcquire(string, out int?)" path="/exception"/>
    public static FileLock? TryAcquire(string path, TimeSpan patience, out int? holder, CancellationToken cancellation = default)
    {
        long start = Stopwatch.GetTimestamp();
        FileLock? held;
        while ((held = TryAcquire(path, out holder)) is null && Stopwatch.GetElapsedTime(start) < patience)
        {
            cancellation.WaitHandle.WaitOne(Pause);
            cancellation.ThrowIfCancellationRequested();
        }

        return held;
    }

    /// <summary>Deletes the lock file, where there is nothing to lock.</summary>
    public void Delete() => File.Delete(_file.Name);

    public void Dispose() => _file.Dispose();

    /// <summary>Writes this process's id into the lock file, for the message that the next one gets.</summary>
    private void NameHolder()
    {
        try
        {
            byte[] text = Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
            RandomAccess.SetLength(_file.SafeFileHandle, 0);
            RandomAccess.Write(_file.SafeFileHandle, text, 0);
        }
        catch (IOException)
        {
            // The id is only for the message: on a full disk the lock holds without it.
        }
    }

    /// <summary>Whether the file exists, which after a failed open means that it is held, and by which process.</summary>
    private static (bool Held, int? ProcessId) ReadHolder(string path)
    {
        try
        {
            using SafeFileHandle file = OperatingSystem.IsWindows()
                ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
                : NativeFile.OpenForReading(path);
            Span<byte> text = stackalloc byte[20];
            int length = RandomAccess.Read(file, text, 0);
            return (true, int.TryParse(text[..length].TrimEnd((byte)'\n'), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (false, null);
        }
    }
}
