using System.Globalization;
using Microsoft.Data.Sqlite;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Sqlite;

/// <summary>
/// The file in which a tracker keeps what outlives it. Several programs may have it open at a time: the tracker, the commands that
/// manage it, and anything that reads SQLite. A file that is not a tracker's, or is of a newer kind, is left as it is.
/// </summary>
internal sealed class TrackerDatabase
{
    /// <summary>Marks the file as ours, at byte 68: "OTtr".</summary>
    public const int ApplicationId = 0x4f547472;

    private readonly string _connectionString;

    private TrackerDatabase(string path)
    {
        Path = path;
        _connectionString = ConnectionString(path, SqliteOpenMode.ReadWrite);
    }

    /// <summary>The whole path of the file.</summary>
    public string Path { get; }

    /// <summary>The version of the layout that this program knows.</summary>
    public static int SchemaVersion => TrackerSchema.Migrations.Count;

    /// <summary>Makes sure that the file is there, is ours and has the layout of this version; makes it where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SwarmStoreException">It cannot be used; the message says why and what to do.</exception>
    public static TrackerDatabase Open(string path)
    {
        // A whole path, since SQLite gives meaning to ":memory:" and "file:".
        path = System.IO.Path.GetFullPath(path);
        RequirePlace(path);
        try
        {
            using (var connection = new SqliteConnection(ConnectionString(path, SqliteOpenMode.ReadWriteCreate)))
            {
                connection.Open();
                int version;

                // In one transaction, since another program may be making the file meanwhile.
                using (connection.BeginTransaction(deferred: true))
                    version = CheckedVersion(connection, path);
                if (version < SchemaVersion)
                    Migrate(connection, path);

                // It stays with the file. A file system that has no shared memory keeps the other mode, which works as well.
                connection.Execute("PRAGMA journal_mode = WAL");
            }

            return new TrackerDatabase(path);
        }
        catch (SqliteException e)
        {
            throw DatabaseFault.Describe(path, e);
        }
    }

    /// <summary>A connection of one's own, for one thread at a time. It waits for some seconds while another one writes.</summary>
    /// <exception cref="SwarmStoreException">The file cannot be opened any more.</exception>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();

            // FULL syncs the log at each commit, so that a loss of power takes no more than a kill does. The page cache is small
            // since everything is read once and written in long runs.
            connection.Execute("""
                PRAGMA busy_timeout = 1000;
                PRAGMA synchronous = FULL;
                PRAGMA cache_size = -1024;
                PRAGMA journal_size_limit = 16777216;
                PRAGMA trusted_schema = OFF;
                """);
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw DatabaseFault.Describe(Path, e);
        }
    }

    private static string ConnectionString(string path, SqliteOpenMode mode) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = mode,
        Pooling = false,
        DefaultTimeout = 5,
    }.ConnectionString;

    /// <summary>Makes sure that there can be a file of that name.</summary>
    public static void RequirePlace(string path)
    {
        if (Directory.Exists(path))
            throw new SwarmStoreException($"The database '{path}' is a folder; name a file in it.");
        if (System.IO.Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
            throw new SwarmStoreException($"The database '{path}' cannot be made: the folder '{folder}' does not exist. Make it, or name another file.");
    }

    private static int CheckedVersion(SqliteConnection connection, string path)
    {
        long application = connection.Scalar("PRAGMA application_id");
        long version = connection.Scalar("PRAGMA user_version");
        if (application == 0 && version == 0 && connection.Scalar("SELECT count(*) FROM sqlite_schema") == 0)
            return 0;

        if (application != ApplicationId)
            throw new SwarmStoreException($"'{path}' is the database of another program. It was left as it is; name another file.");
        if (version > SchemaVersion)
        {
            throw new SwarmStoreException(
                $"The database '{path}' was written by a newer version of OurTorrent (layout {version}; this one knows up to {SchemaVersion}). "
                + "It was left as it is; use the newer version, or name another file.");
        }

        return (int)version;
    }

    private static void Migrate(SqliteConnection connection, string path)
    {
        while (true)
        {
            using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);

            // Another program may have done it while this one waited for its turn.
            int version = CheckedVersion(connection, path);
            if (version >= SchemaVersion)
                return;

            connection.Execute(TrackerSchema.Migrations[version]);
            connection.Execute(string.Create(
                CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {version + 1}"));
            transaction.Commit();
        }
    }
}
