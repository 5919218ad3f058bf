using Microsoft.Data.Sqlite;
using OurTorrent.Tracker.Swarms;
using SQLitePCL;

namespace OurTorrent.Tracker.Sqlite;

/// <summary>Says what is wrong with a database so that its owner knows what to do.</summary>
internal static class DatabaseFault
{
    /// <summary>What lies behind a fault of SQLite.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fault">The fault.</param>
    public static SwarmStoreException Describe(string path, SqliteException fault)
    {
        string message = fault.SqliteErrorCode switch
        {
            raw.SQLITE_NOTADB =>
                $"'{path}' is not a database. It was left as it is; name another file, or move this one away.",
            raw.SQLITE_CORRUPT => Damaged(path, fault.Message),
            raw.SQLITE_FULL =>
                $"The database '{path}' cannot be written: the disk is full. Make room on it.",
            raw.SQLITE_IOERR when fault.SqliteExtendedErrorCode == raw.SQLITE_IOERR_SHMSIZE =>
                $"The database '{path}' cannot be opened: the disk is full. Make room on it.",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
                $"The database '{path}' is being written to by another program. End that program's transaction, then try again.",
            raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH =>
                $"The database '{path}' may not be written to. Allow this user to write to the file and to its folder, where SQLite keeps two more files.",
            raw.SQLITE_CANTOPEN =>
                $"The database '{path}' cannot be opened. Allow this user to read and write the file and its folder, where SQLite keeps two more files.",
            raw.SQLITE_IOERR =>
                $"The disk fails under the database '{path}' (error {fault.SqliteExtendedErrorCode}). See to the disk.",
            _ => $"The database '{path}' cannot be used: {fault.Message}",
        };
        return new SwarmStoreException(message, fault);
    }

    /// <summary>What was read from a database is not what has once been written there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="where">What is damaged.</param>
    public static string Damaged(string path, string where) =>
        $"The database '{path}' is damaged ({where.TrimEnd('.')}). It was left as it is; move it away to begin anew, "
        + "or rescue what can be read with: sqlite3 FILE .recover";
}
