namespace Opi;

/// <summary>The file is not a session that this version reads. It was not changed.</summary>
public sealed class InvalidSessionFileException : OpiException
{
    internal InvalidSessionFileException(string path, long line, string reason, Exception? inner = null)
        : this($"'{path}' is not a session file that this Opi reads: line {line}: {reason}. The file was left as it is.", path, reason, inner)
    {
        Line = line;
    }

    private InvalidSessionFileException(string message, string path, string reason, Exception? inner)
        : base(message, path, inner) => Reason = reason;

    /// <summary>The system cannot read the file, or what has its name holds no lines.</summary>
    internal static InvalidSessionFileException NotRead(string path, Exception error)
    {
        bool isFolder = Directory.Exists(path);
        string reason = isFolder ? "it is a folder" : error.Message.TrimEnd('.');
        return new InvalidSessionFileException($"'{path}' cannot be read as a session: {reason}.", path, reason, error) { IsFolder = isFolder };
    }

    /// <summary>A line is no longer what an index says of it.</summary>
    internal static InvalidSessionFileException Changed(string path, long line, Exception error) =>
        new(path, line, "the line has changed since it was indexed: " + error.Message, error);

    /// <inheritdoc/>
    public override string ErrorId => "InvalidSessionFile";

    /// <summary>Whether the path is a folder's.</summary>
    internal bool IsFolder { get; private init; }

    /// <summary>The line, counted from 1; 0 where none could be read.</summary>
    public long Line { get; }

    /// <summary>What is wrong with it.</summary>
    public string Reason { get; }
}
