namespace Opi;

/// <summary>What reads the rows of a database: it says which are worth reading, and takes what they say.</summary>
internal abstract class RowVisitor
{
    /// <summary>Whether bytes of a row may have what is looked for. Stops the reading where that was asked for.</summary>
    public abstract bool Wants(ReadOnlySpan<byte> bytes);

    /// <summary>Takes the entries of a row that was read, and empties the list.</summary>
    public abstract void Take(LogEntries entries);

    /// <summary>Notes a row that cannot be read.</summary>
    public abstract void Skip(string reason);
}
