using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace OurTorrent.Tracker.Sqlite;

/// <summary>Statements without parameters, in one line.</summary>
internal static class SqliteConnectionExtensions
{
    [SuppressMessage("Security", "CA2100:Review SQL queries for security vulnerabilities", Justification = "All of them are constants of this program.")]
    public static void Execute(this SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The number in the first column of the first row.</summary>
    [SuppressMessage("Security", "CA2100:Review SQL queries for security vulnerabilities", Justification = "All of them are constants of this program.")]
    public static long Scalar(this SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is long number ? number : 0;
    }
}
