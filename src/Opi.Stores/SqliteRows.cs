using System.Text;
using SQLitePCL;

namespace Opi;

/// <summary>The rows of a query of SQLite.</summary>
internal sealed class SqliteRows(SqliteDatabase database, sqlite3_stmt statement) : StoreRows
{
    public override bool Next()
    {
        int code = raw.sqlite3_step(statement);
        database.Check(code);
        return code == raw.SQLITE_ROW;
    }

    public override ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(statement, column);

    public override string? Text(int column) => Bytes(column) is { IsEmpty: false } bytes ? Encoding.UTF8.GetString(bytes) : null;

    public override long? Integer(int column) => raw.sqlite3_column_type(statement, column) switch
    {
        raw.SQLITE_INTEGER => raw.sqlite3_column_int64(statement, column),
        raw.SQLITE_FLOAT when raw.sqlite3_column_double(statement, column) is var number && Math.Floor(number) == number
            && Math.Abs(number) < 1L << 53 => (long)number,
        _ => null,
    };

    public override double? Number(int column) => raw.sqlite3_column_type(statement, column) is raw.SQLITE_INTEGER or raw.SQLITE_FLOAT
        ? raw.sqlite3_column_double(statement, column) : null;

    public override void Dispose() => statement.Dispose();
}
