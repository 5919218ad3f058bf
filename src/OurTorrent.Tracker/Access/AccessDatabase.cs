using Microsoft.Data.Sqlite;
using OurTorrent.Tracker.Sqlite;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Access;

/// <summary>
/// Who may use a tracker, as its database says: torrents allowed and denied, and passkeys. May be changed while a tracker runs on the
/// same database, which takes note within seconds.
/// </summary>
public sealed class AccessDatabase : IDisposable
{
    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly TimeProvider _time;

    private AccessDatabase(TrackerDatabase database, TimeProvider time)
    {
        _path = database.Path;
        _connection = database.Connect();
        _time = time;
    }

    /// <summary>Opens a database; makes it where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock; that of the system if null.</param>
    /// <exception cref="SwarmStoreException">It cannot be used.</exception>
    public static AccessDatabase Open(string path, TimeProvider? time = null) => new(TrackerDatabase.Open(path), time ?? TimeProvider.System);

    /// <summary>Grows with every change.</summary>
    internal long Version => Guard(() => _connection.Scalar("SELECT version FROM access_version"));

    /// <summary>Allows a torrent, or denies it.</summary>
    /// <param name="infoHash">The torrent.</param>
    /// <param name="isAllowed">Which of the two.</param>
    /// <param name="comment">A note, such as the torrent's name; may be empty.</param>
    /// <exception cref="SwarmStoreException">It cannot be written.</exception>
    public void Set(in InfoHash infoHash, bool isAllowed, string comment = "")
    {
        ArgumentNullException.ThrowIfNull(comment);
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = """
            INSERT INTO torrent_access VALUES($hash, $allowed, $comment, $now)
            ON CONFLICT(info_hash) DO UPDATE SET allowed = $allowed, comment = $comment, changed = $now
            """;
        command.Parameters.AddWithValue("$hash", infoHash.Span.ToArray());
        command.Parameters.AddWithValue("$allowed", isAllowed ? 1 : 0);
        command.Parameters.AddWithValue("$comment", comment);
        command.Parameters.AddWithValue("$now", Now);
        Guard(command.ExecuteNonQuery);
    }

    /// <summary>Neither allows nor denies a torrent any more.</summary>
    /// <param name="infoHash">The torrent.</param>
    /// <returns>Whether it was allowed or denied before.</returns>
    /// <exception cref="SwarmStoreException">It cannot be written.</exception>
    public bool Remove(in InfoHash infoHash)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "DELETE FROM torrent_access WHERE info_hash = $hash";
        command.Parameters.AddWithValue("$hash", infoHash.Span.ToArray());
        return Guard(command.ExecuteNonQuery) > 0;
    }

    /// <summary>All torrents that are allowed or denied.</summary>
    /// <exception cref="SwarmStoreException">They cannot be read.</exception>
    public IReadOnlyList<TorrentAccess> GetTorrents() => Guard(() =>
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT info_hash, allowed, comment, changed FROM torrent_access ORDER BY changed, info_hash";
        using SqliteDataReader reader = command.ExecuteReader();
        var torrents = new List<TorrentAccess>();
        while (reader.Read())
        {
            if (reader[0] is byte[] { Length: InfoHash.Length } hash)
                torrents.Add(new TorrentAccess(new InfoHash(hash), reader.GetInt64(1) != 0, reader.GetString(2), TimeOf(reader.GetInt64(3))));
        }

        return torrents;
    });

    /// <summary>Issues a passkey.</summary>
    /// <param name="name">Whom it is for; one name has one passkey.</param>
    /// <returns>The passkey, which cannot be found out again; null when the name has one already.</returns>
    /// <exception cref="SwarmStoreException">It cannot be written.</exception>
    public string? AddPasskey(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        string passkey = Passkey.Create();
        Span<byte> digest = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(digest, Passkey.DigestOf(System.Text.Encoding.ASCII.GetBytes(passkey)));
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "INSERT INTO passkeys VALUES($name, $digest, $now) ON CONFLICT(name) DO NOTHING";
        command.Parameters.AddWithValue("$name", name);
        command.Parameters.AddWithValue("$digest", digest.ToArray());
        command.Parameters.AddWithValue("$now", Now);
        return Guard(command.ExecuteNonQuery) > 0 ? passkey : null;
    }

    /// <summary>Takes a passkey back.</summary>
    /// <param name="name">Whom it was issued to.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="SwarmStoreException">It cannot be written.</exception>
    public bool RevokePasskey(string name)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "DELETE FROM passkeys WHERE name = $name";
        command.Parameters.AddWithValue("$name", name);
        return Guard(command.ExecuteNonQuery) > 0;
    }

    /// <summary>All who have a passkey.</summary>
    /// <exception cref="SwarmStoreException">They cannot be read.</exception>
    public IReadOnlyList<PasskeyHolder> GetPasskeys() => Guard(() =>
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT name, created FROM passkeys ORDER BY name";
        using SqliteDataReader reader = command.ExecuteReader();
        var holders = new List<PasskeyHolder>();
        while (reader.Read())
            holders.Add(new PasskeyHolder(reader.GetString(0), TimeOf(reader.GetInt64(1))));
        return holders;
    });

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    /// <summary>The digests of all passkeys.</summary>
    internal HashSet<UInt128> GetDigests() => Guard(() =>
    {
        using var statement = new SqliteStatement(_connection, "SELECT digest FROM passkeys");
        var digests = new HashSet<UInt128>();
        while (statement.Step())
        {
            if (statement.Blob(0) is { Length: 16 } digest)
                digests.Add(BinaryPrimitives.ReadUInt128BigEndian(digest));
        }

        return digests;
    });

    /// <summary>All torrents allowed, or all denied.</summary>
    internal HashSet<InfoHash> GetInfoHashes(bool isAllowed) => Guard(() =>
    {
        using var statement = new SqliteStatement(_connection, "SELECT info_hash FROM torrent_access WHERE (allowed != 0) = ?1");
        statement.Bind(1, isAllowed ? 1 : 0);
        var infoHashes = new HashSet<InfoHash>();
        while (statement.Step())
        {
            if (statement.Blob(0) is { Length: InfoHash.Length } infoHash)
                infoHashes.Add(new InfoHash(infoHash));
        }

        return infoHashes;
    });

    private long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    private static DateTimeOffset TimeOf(long seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, 0, DateTimeOffset.MaxValue.ToUnixTimeSeconds()));

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException e)
        {
            throw DatabaseFault.Describe(_path, e);
        }
    }
}
