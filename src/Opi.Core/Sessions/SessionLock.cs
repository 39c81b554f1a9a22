using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// The right to write to a session: an open handle on <c>&lt;session file&gt;.lock</c> that nobody else can open. The system takes it back when
/// the process ends, however it ends. The file stays, because deleting it would let two writers hold two files of one name.
/// </summary>
internal sealed class SessionLock : IDisposable
{
    private readonly FileStream _file;

    private SessionLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="SessionLockedException">Somebody holds it.</exception>
    /// <exception cref="SessionWriteException">The lock file cannot be made.</exception>
    public static SessionLock Acquire(string sessionPath)
    {
        string path = PathFor(sessionPath);
        FileStream file;
        try
        {
            file = OwnerOnlyFile.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None);
        }
        catch (IOException) when (ReadHolder(path) is { Held: true } holder)
        {
            throw new SessionLockedException(sessionPath, holder.ProcessId);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SessionWriteException(sessionPath, $"its lock file cannot be opened: {error.Message}", error);
        }

        var held = new SessionLock(file);
        held.NameHolder();
        return held;
    }

    /// <summary>Where the lock of a session file is. Links are followed, so that a file has one lock by whatever name it is opened.</summary>
    public static string PathFor(string sessionPath) => TargetOf(sessionPath) + ".lock";

    /// <summary>The file that a path means, behind any links.</summary>
    public static string TargetOf(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? path : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    /// <summary>Deletes the lock file, where its session does not exist.</summary>
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
