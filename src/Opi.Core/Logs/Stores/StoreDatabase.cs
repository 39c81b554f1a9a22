namespace Opi;

/// <summary>A SQLite database that is open for reading.</summary>
internal abstract class StoreDatabase : IDisposable
{
    private const long SecondsOfDay = 24 * 60 * 60;

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

    /// <summary>Makes sure that a table has the columns without which its rows say too little.</summary>
    /// <exception cref="IOException">It lacks one.</exception>
    public void Require(string table, params string[] columns)
    {
        if (columns.Except(ColumnsOf(table)).FirstOrDefault() is { } missing)
        {
            throw new IOException($"its table {table} has no column {missing}: the agent may be newer than Opi");
        }
    }

    /// <summary>
    /// A condition that leaves out rows that are certainly from before a time, in seconds or milliseconds. Clocks may differ by a day. A row that
    /// has no such time stays, and so do all rows without such a column.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="since">The time; null for none.</param>
    /// <param name="columns">The columns of times. A row is left out when all that there are of them are before.</param>
    public string NotBefore(string table, DateTimeOffset? since, params string[] columns)
    {
        string[] known = [.. columns.Where(ColumnsOf(table).Contains)];
        if (since is not { } from || known.Length == 0)
        {
            return "1";
        }

        long least = from.ToUnixTimeSeconds() - SecondsOfDay;
        return $"NOT ({string.Join(" AND ", known.Select(IsBefore))})";

        string IsBefore(string column)
        {
            string seconds = $"CASE WHEN {column} < 1e11 THEN {column} ELSE {column} / 1000 END";
            return FormattableString.Invariant($"(typeof({column}) IN ('integer', 'real') AND {column} > 0 AND {seconds} < {least})");
        }
    }

    /// <inheritdoc/>
    public abstract void Dispose();
}
