namespace Opi;

/// <summary>A file or folder could not be read or written. The target is its path.</summary>
internal sealed class FileNotAccessibleException : OpiException
{
    internal FileNotAccessibleException(string path, Exception inner)
        : base($"'{path}' could not be read or written: {inner.Message.TrimEnd('.')}.", path, inner)
    {
    }

    public override string ErrorId => "FileNotAccessible";

    /// <summary>Does something with a file or folder, and names it where that fails.</summary>
    internal static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FileNotAccessibleException(path, error);
        }
    }
}
