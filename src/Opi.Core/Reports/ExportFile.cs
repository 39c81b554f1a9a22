namespace Opi;

/// <summary>Writes the file of an export, whole or not at all.</summary>
internal static class ExportFile
{
    private const string Exists = "it exists.";
    private const string IsReadOnly = "it is read-only.";

    /// <summary>Writes the file, readable by its owner only. It replaces an existing one.</summary>
    /// <param name="path">The file; its folder has to exist.</param>
    /// <param name="overwrite">What an existing file is replaced for.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="forAll">Whether all users may read it.</param>
    /// <exception cref="ExportFailedException">The file is not to be replaced, or cannot be written.</exception>
    public static void Write(string path, Overwrite overwrite, Action<Stream> write, bool forAll = false)
    {
        path = RegularFile.TargetOf(Path.GetFullPath(path)); // a link is written through
        try
        {
            Check(new FileInfo(path), overwrite);
            NewFile.Write(path, replace: overwrite != Overwrite.Never, stream =>
            {
                if (forAll && !OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(
                        ((FileStream)stream).SafeFileHandle,
                        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
                }

                write(stream);
            });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ExportFailedException(path, error.Message, error);
        }
    }

    /// <summary>Adds to a file, or makes it. All of it goes in one write.</summary>
    /// <param name="path">The file; its folder has to exist.</param>
    /// <param name="limit">How many bytes the file may have in the end.</param>
    /// <param name="make">Makes what is added; gets how many bytes it may have.</param>
    /// <exception cref="ExportFailedException">The file cannot be written, or has no room.</exception>
    public static void Append(string path, long limit, Func<long, byte[]> make)
    {
        path = RegularFile.TargetOf(Path.GetFullPath(path));
        try
        {
            Check(new FileInfo(path), Overwrite.Writable);
            using FileStream file = SharedFile.Retry(
                () => new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0));
            FileSizeLimit.Guard(() => file.Write(make(limit - file.Length)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ExportFailedException(path, error.Message, error);
        }
    }

    private static void Check(FileInfo file, Overwrite overwrite)
    {
        string? reason =
            WindowsFile.IsDevice(file.FullName) ? "Windows keeps that name for a device. Give another path."
            : Directory.Exists(file.FullName) ? "it is a folder."
            : !file.Directory!.Exists ? $"there is no folder '{file.DirectoryName}'. Create it, or give another path."
            : !file.Exists ? null
            : overwrite == Overwrite.Never ? Exists
            : FileIdentity.Of(file.FullName) is { IsRegular: false } ? "it is a device or a pipe, which an export does not replace."
            : OwnData.Describe(file.FullName) is { } own ? $"it is {own}, which an export does not replace. Give another path."
            : file.IsReadOnly && overwrite != Overwrite.ReadOnly ? IsReadOnly
            : null;
        if (reason is not null)
        {
            throw new ExportFailedException(file.FullName, reason)
            {
                Needs = reason is not (Exists or IsReadOnly) ? null : file.IsReadOnly ? Overwrite.ReadOnly : Overwrite.Writable,
            };
        }

        if (file is { Exists: true, IsReadOnly: true } && OperatingSystem.IsWindows())
        {
            file.IsReadOnly = false;
        }
    }
}
