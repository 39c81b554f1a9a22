namespace Opi;

/// <summary>The file is not a session that this version reads. It was not changed.</summary>
public sealed class InvalidSessionFileException : OpiException
{
    internal InvalidSessionFileException(string path, long line, string reason, Exception? inner = null)
        : base($"'{path}' is not a session file that this Opi reads: line {line}: {reason}. The file was left as it is.", path, inner)
    {
        Line = line;
        Reason = reason;
    }

    /// <summary>A line is no longer what an index says of it.</summary>
    internal static InvalidSessionFileException Changed(string path, long line, Exception error) =>
        new(path, line, "the line has changed since it was indexed: " + error.Message, error);

    /// <inheritdoc/>
    public override string ErrorId => "InvalidSessionFile";

    /// <summary>The line, counted from 1.</summary>
    public long Line { get; }

    /// <summary>What is wrong with it.</summary>
    public string Reason { get; }
}
