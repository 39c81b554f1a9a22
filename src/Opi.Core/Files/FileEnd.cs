using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>Takes bytes back from the end of a file that other programs may add to at any moment, so that nothing of theirs goes with them.</summary>
internal static class FileEnd
{
    private const int Piece = 1 << 16;

    /// <summary>
    /// Removes the bytes from a place to the end of a file that is open for writing. No system has a call that cuts a file only while it has a
    /// certain length. So on Linux the file is leased for the moment, where no other program has it open; one that opens it waits. Where one
    /// has it open, the bytes can be written over with an empty line instead, which every reader of such files skips.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its name.</param>
    /// <param name="start">Where the bytes begin.</param>
    /// <param name="end">The length of the file, as the caller found it with nothing but its own bytes behind <paramref name="start"/>.</param>
    /// <param name="blank">
    /// Whether to write an empty line instead. Otherwise the file is cut although another program has it open, and what that program
    /// adds at this very moment is lost too.
    /// </param>
    /// <returns>
    /// The place where the next line goes: <paramref name="start"/>, or <paramref name="end"/> where an empty line was written instead.
    /// </returns>
    /// <exception cref="IOException">Another program changed the length. Nothing was removed.</exception>
    public static long Remove(SafeFileHandle file, string path, long start, long end, bool blank)
    {
        bool linux = OperatingSystem.IsLinux();
        using FileLease? lease = linux ? FileLease.TryTake(file) : null;
        if (RandomAccess.GetLength(file) != end)
        {
            throw new IOException("another program writes to the file. Nothing of it was changed.");
        }

        if (blank && linux && lease is null)
        {
            Blank(file, path, start, end);
            return end;
        }

        RandomAccess.SetLength(file, start);
        return start;
    }

    private static void Blank(SafeFileHandle file, string path, long start, long end)
    {
        // Not by the existing handle: one that was opened for appending always writes to the end.
        using SafeFileHandle writer = NativeFile.Open(path, FileAccess.ReadWrite, follow: false);
        if (!FileIdentity.Of(writer).IsSameAs(FileIdentity.Of(file)))
        {
            throw new IOException("another file has its name now");
        }

        byte[] spaces = new byte[Math.Min(Piece, end - start)];
        spaces.AsSpan().Fill((byte)' ');
        for (long at = start; at < end - 1; at += spaces.Length)
        {
            FileSizeLimit.Write(writer, spaces.AsSpan(0, (int)Math.Min(spaces.Length, end - 1 - at)), at);
        }

        FileSizeLimit.Write(writer, "\n"u8, end - 1);
    }
}
