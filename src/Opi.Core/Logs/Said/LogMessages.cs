namespace Opi;

/// <summary>
/// Reads what was said in the logs of a source: messages, tool calls, results, summaries and names. One class a source, in the source's
/// folder. Nothing is left out because its kind is not known: then all its texts count.
/// </summary>
internal abstract class LogMessages
{
    /// <summary>
    /// Whether a file has messages, where that is not just the files that have usages; null for those.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="own">Whether it is in one of the source's own folders.</param>
    public virtual bool? IsLog(string path, bool own) => null;

    /// <summary>Whether a folder in a folder of logs is searched too; null where it is one that has usages.</summary>
    public virtual bool? Enters(DirectoryInfo folder) => null;

    /// <summary>What a line or document shows of whose it is; null for what the reader of usages says.</summary>
    public virtual LogMatch? Match(LogHead head) => null;

    /// <summary>Reads a line or a document. The first lines of a file are read before any other, for what they say about the session.</summary>
    /// <param name="value">The line.</param>
    /// <param name="entries">Gets what was said.</param>
    /// <exception cref="WireException">It is damaged.</exception>
    public abstract void Read(LogValue value, LogEntries entries);

    /// <summary>Reads what the path of a file and the files next to it say about the session.</summary>
    public virtual void ReadPlace(LogEntries entries)
    {
    }

    /// <summary>Reads the rows of a database of the source that may have what is looked for.</summary>
    /// <param name="database">The database.</param>
    /// <param name="entries">Gets what was said.</param>
    /// <param name="rows">Says which bytes are worth reading, and takes the entries after each row.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public virtual void ReadDatabase(StoreDatabase database, LogEntries entries, RowVisitor rows) =>
        throw new NotSupportedException("It has no database.");
}
