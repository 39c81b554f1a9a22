using SQLitePCL;

namespace Opi;

/// <summary>A database that SQLite reads, without a lock and without a file beside it that was not there.</summary>
internal sealed class SqliteDatabase : StoreDatabase
{
    private readonly sqlite3 _database;
    private readonly Dictionary<string, IReadOnlySet<string>> _columns = new(StringComparer.Ordinal);
    private IReadOnlySet<string>? _tables;

    private SqliteDatabase(sqlite3 database) => _database = database;

    public override IReadOnlySet<string> Tables => _tables ??= Names("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')", 0);

    /// <summary>Opens a database.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SqliteDatabase Open(string path, StoreMode mode)
    {
        // Without locks the agent is never in the way, and never stopped. The reader finds out afterwards whether it was disturbed.
        string? system = mode == StoreMode.Copy ? null : OperatingSystem.IsWindows() ? "win32-none" : "unix-none";
        string uri = new UriBuilder(Uri.UriSchemeFile, "") { Path = path }.Uri.AbsoluteUri.Replace("?", "%3f", StringComparison.Ordinal)
            + (mode == StoreMode.Alone ? "?immutable=1" : "");
        int flags = raw.SQLITE_OPEN_URI | raw.SQLITE_OPEN_NOMUTEX
            | (mode == StoreMode.Copy ? raw.SQLITE_OPEN_READWRITE : raw.SQLITE_OPEN_READONLY);
        int code = raw.sqlite3_open_v2(uri, out sqlite3 handle, flags, system);
        var database = new SqliteDatabase(handle);
        try
        {
            database.Check(code);
            raw.sqlite3_db_config(handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);
            if (mode == StoreMode.WithLog)
            {
                database.Run("PRAGMA locking_mode = EXCLUSIVE"); // the index of the log stays in this process's memory
            }

            database.Run("PRAGMA query_only = 1");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public override IReadOnlySet<string> ColumnsOf(string table)
    {
        if (!_columns.TryGetValue(table, out IReadOnlySet<string>? columns))
        {
            columns = Tables.Contains(table)
                ? Names($"PRAGMA table_info(\"{table.Replace("\"", "\"\"", StringComparison.Ordinal)}\")", 1) : new HashSet<string>();
            _columns.Add(table, columns);
        }

        return columns;
    }

    public override StoreRows Query(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_database, sql, out sqlite3_stmt statement));
        return new SqliteRows(this, statement);
    }

    public override void Dispose() => raw.sqlite3_close_v2(_database);

    /// <summary>Throws where a call failed.</summary>
    public void Check(int code)
    {
        string? reason = (code & 0xFF) switch
        {
            raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE => null,
            raw.SQLITE_NOTADB => "it is not a SQLite database, or it is encrypted",
            raw.SQLITE_CORRUPT => "the database is damaged or cut off",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "another program has locked the database",
            raw.SQLITE_CANTOPEN => "the database cannot be opened",
            _ => $"SQLite says: {raw.sqlite3_errmsg(_database).utf8_to_string()}",
        };
        if (reason is not null)
        {
            throw new IOException(reason);
        }
    }

    private void Run(string sql)
    {
        using StoreRows rows = Query(sql);
        while (rows.Next())
        {
        }
    }

    private HashSet<string> Names(string sql, int column)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        using StoreRows rows = Query(sql);
        while (rows.Next())
        {
            names.Add(rows.Text(column) ?? "");
        }

        return names;
    }
}
