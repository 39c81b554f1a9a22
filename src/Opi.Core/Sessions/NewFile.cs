using System.Security.Cryptography;

namespace Opi;

/// <summary>Writes a file that is there whole or not at all: beside its place first, then flushed, then moved to its name.</summary>
internal static class NewFile
{
    /// <summary>Writes the file, readable by its owner only.</summary>
    /// <exception cref="IOException">It exists and is not to be replaced, or cannot be written.</exception>
    public static void Write(string path, bool replace, Action<Stream> write)
    {
        if (!replace && File.Exists(path))
        {
            throw new IOException($"the file '{path}' exists");
        }

        string temporary = $"{path}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 1 << 16 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var stream = new FileStream(temporary, options))
            {
                write(stream);
                stream.Flush();
                NativeFile.Flush(stream.SafeFileHandle);
            }

            File.Move(temporary, path, replace);
            NativeFile.FlushFolder(Path.GetDirectoryName(path)!);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
