using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>Writes a file whole or not at all: first to a temporary file in its folder, which is flushed and then renamed.</summary>
internal static class NewFile
{
    private const int BufferSize = 1 << 16;

    /// <summary>Writes the file, readable by its owner only.</summary>
    /// <exception cref="IOException">It exists and is not to be replaced, or cannot be written.</exception>
    public static void Write(string path, bool replace, Action<Stream> write)
    {
        if (WindowsFile.IsDevice(Path.GetFullPath(path)))
        {
            throw new IOException($"'{path}' is a device, not a regular file");
        }

        path = RegularFile.TargetOf(path); // a link is written through: settings are often links into a repository
        if (!replace && File.Exists(path))
        {
            throw new IOException($"the file '{path}' exists");
        }

        string temporary = $"{path}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}.tmp";
        try
        {
            FileSizeLimit.Guard(() =>
            {
                using FileStream stream = OwnerOnlyFile.Open(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize);
                write(stream);
                stream.Flush();
                NativeFile.Flush(stream.SafeFileHandle);
            });

            SharedFile.Retry(() => File.Move(temporary, path, replace));
        }
        catch
        {
            Discard(temporary);
            throw;
        }

        FlushName(path);
    }

    /// <summary>
    /// Flushes the name of a file that is there: its folder, or on Windows the file, which takes the log of the file system with it. The file
    /// stays if that fails: that is noted, not an error.
    /// </summary>
    public static void FlushName(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                using SafeFileHandle file = RegularFile.Open(path, FileAccess.ReadWrite);
                NativeFile.Flush(file);
                return;
            }

            NativeFile.FlushFolder(Path.GetDirectoryName(path)!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            UnflushedFiles.Add(path);
        }
    }

    /// <summary>Deletes what was not finished. That this fails never hides why it was not finished.</summary>
    public static void Discard(string temporary)
    {
        try
        {
            SharedFile.Retry(() => File.Delete(temporary));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The cause is on its way to the caller.
        }
    }
}
