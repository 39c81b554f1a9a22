namespace Opi;

/// <summary>A SQLite database that is open for reading.</summary>
internal abstract class StoreDatabase : IDisposable
{
    /// <summary>The names of its tables.</summary>
    /// <exception cref="IOException">It cannot be read; the message says why.</exception>
    public abstract IReadOnlySet<string> Tables { get; }

    /// <summary>The names of the columns of a table; empty when there is no such table.</summary>
    public abstract IReadOnlySet<string> ColumnsOf(string table);

    /// <summary>Asks for rows.</summary>
    /// <param name="sql">The query.</param>
    public abstract StoreRows Query(string sql);

    /// <summary>A column of a table, or NULL where an older or a newer version has none.</summary>
    public string Column(string table, string column) => ColumnsOf(table).Contains(column) ? $"\"{column}\"" : "NULL";

    /// <inheritdoc/>
    public abstract void Dispose();
}
