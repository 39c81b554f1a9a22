using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// Opens files that hold bytes on a disk. A pipe, a socket or a device of that name is refused at once: opening one can wait forever, or
/// give data without end.
/// </summary>
internal static class RegularFile
{
    /// <summary>Opens a file that exists. On Windows, waits for a program that has it open for a moment without sharing it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="access">What for.</param>
    /// <param name="follow">Whether a symbolic link is followed.</param>
    /// <exception cref="FileNotFoundException">It does not exist.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    /// <exception cref="IOException">It is another kind of file, a link that is not to be followed, or cannot be opened.</exception>
    public static SafeFileHandle Open(string path, FileAccess access = FileAccess.Read, bool follow = true) => Open(path, out _, access, follow);

    /// <summary>The same.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">Gets its length in bytes when it was opened.</param>
    /// <param name="access">What for.</param>
    /// <param name="follow">Whether a symbolic link is followed.</param>
    /// <inheritdoc cref="Open(string, FileAccess, bool)" path="/exception"/>
    public static SafeFileHandle Open(string path, out long length, FileAccess access = FileAccess.Read, bool follow = true)
    {
        if (!follow && FileIdentity.IsLink(path))
        {
            throw new IOException($"'{path}' is a symbolic link, which is not followed here");
        }

        if (OperatingSystem.IsWindows() && WindowsFile.IsDevice(Path.GetFullPath(path)))
        {
            throw new IOException($"'{path}' is a device, not a regular file");
        }

        SafeFileHandle file = OperatingSystem.IsWindows()
            ? OpenOnWindows(path, access)
            : NativeFile.Open(path, access, follow);
        try
        {
            FileIdentity identity = FileIdentity.Of(file);
            length = identity.Length;
            return identity.IsRegular ? file : throw new IOException($"'{path}' is not a regular file");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static SafeFileHandle OpenOnWindows(string path, FileAccess access) =>
        SharedFile.RetryUnshared(() => File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete));

    /// <summary>The file that a path means, behind any links.</summary>
    public static string TargetOf(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? path : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    /// <summary>Reads a whole file. On Windows one that is being replaced just now is waited for.</summary>
    /// <inheritdoc cref="Open(string, FileAccess, bool)" path="/exception"/>
    public static byte[] ReadAllBytes(string path) => SharedFile.Retry(() =>
    {
        using SafeFileHandle file = Open(path);
        using var stream = new FileStream(file, FileAccess.Read, bufferSize: 0);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    });

    /// <summary>
    /// Opens a file of the user's own for writing, or makes it, readable by its owner only. A symbolic link and a file of another user are
    /// refused, and nothing of an existing file is changed.
    /// </summary>
    /// <inheritdoc cref="Open(string, FileAccess, bool)" path="/exception"/>
    public static SafeFileHandle OpenOrCreateOwn(string path)
    {
        while (true)
        {
            try
            {
                SafeFileHandle file = Open(path, FileAccess.ReadWrite, follow: false);
                if (OperatingSystem.IsWindows() || NativeFile.UserId() is var user && (user == 0 || FileIdentity.Of(file).Owner == user))
                {
                    return file;
                }

                file.Dispose();
                throw new UnauthorizedAccessException($"'{path}' belongs to another user");
            }
            catch (FileNotFoundException)
            {
                try
                {
                    // The system never follows a link where a file is to be new.
                    FileShare share = FileShare.ReadWrite | FileShare.Delete;
                    return OwnerOnlyFile.Open(path, FileMode.CreateNew, FileAccess.ReadWrite, share).SafeFileHandle;
                }
                catch (IOException) when (File.Exists(path))
                {
                    // Another process made it between the two calls.
                }
            }
        }
    }
}
