using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OurTorrent.Tracker.Sqlite;

/// <summary>
/// A prepared statement whose blobs are bound from and read as spans: hundreds of thousands of rows go in and out without an object
/// for each.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <summary>Prepares a statement.</summary>
    /// <param name="connection">Where it runs; it is to be disposed of before that.</param>
    /// <param name="sql">The statement.</param>
    /// <exception cref="SqliteException">It is not one for this database.</exception>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, sql, out _statement), _database);
    }

    /// <summary>Sets a parameter; the first is 1.</summary>
    public void Bind(int parameter, long value) =>
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_int64(_statement, parameter, value), _database);

    /// <summary>Sets a parameter to a copy of the bytes.</summary>
    public void Bind(int parameter, ReadOnlySpan<byte> value) => SqliteException.ThrowExceptionForRC(
        value.IsEmpty ? raw.sqlite3_bind_zeroblob(_statement, parameter, 0) : raw.sqlite3_bind_blob(_statement, parameter, value), _database);

    /// <summary>Goes to the next row.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Step()
    {
        int result = raw.sqlite3_step(_statement);
        if (result is raw.SQLITE_ROW)
            return true;
        if (result is not raw.SQLITE_DONE)
        {
            raw.sqlite3_reset(_statement);
            SqliteException.ThrowExceptionForRC(result, _database);
        }

        return false;
    }

    /// <summary>Runs a statement without rows, and makes it ready to be run again.</summary>
    /// <returns>How many rows it has inserted, updated or deleted.</returns>
    public int Run()
    {
        Step();
        int changes = raw.sqlite3_changes(_database);
        Reset();
        return changes;
    }

    /// <summary>Makes it ready to be run again.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    /// <summary>A column of the row; the first is 0.</summary>
    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>A column of the row, valid until the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    public void Dispose() => _statement.Dispose();
}
