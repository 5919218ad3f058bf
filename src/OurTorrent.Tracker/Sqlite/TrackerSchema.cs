namespace OurTorrent.Tracker.Sqlite;

/// <summary>
/// How the database is laid out. Each entry takes it one version further, in a transaction of its own; what has once been in a
/// release is never edited, only followed by another.
/// </summary>
internal static class TrackerSchema
{
    /// <summary>What turns version n into version n + 1, by n.</summary>
    public static IReadOnlyList<string> Migrations { get; } = [Swarms, Access];

    /// <summary>
    /// Images of swarms, and what has happened since they were taken. The images have row ids rather than the info-hash as their
    /// key: info-hashes come in no order, and rows of any size that go where their key says dirty a page each.
    /// </summary>
    private const string Swarms = """
        CREATE TABLE torrents(
            id INTEGER PRIMARY KEY,
            info_hash BLOB NOT NULL UNIQUE,
            completed INTEGER NOT NULL,
            seeders INTEGER NOT NULL,
            leechers INTEGER NOT NULL,
            written INTEGER NOT NULL,
            generation INTEGER NOT NULL,
            checksum INTEGER NOT NULL,
            peers4 BLOB NOT NULL,
            peers6 BLOB NOT NULL);

        CREATE TABLE journal(
            sequence INTEGER PRIMARY KEY,
            checksum INTEGER NOT NULL,
            changes BLOB NOT NULL);

        CREATE TABLE statistics(
            time INTEGER PRIMARY KEY,
            connects INTEGER NOT NULL,
            announces INTEGER NOT NULL,
            scrapes INTEGER NOT NULL,
            refused INTEGER NOT NULL,
            dropped INTEGER NOT NULL,
            malformed INTEGER NOT NULL,
            bytes_received INTEGER NOT NULL,
            bytes_sent INTEGER NOT NULL,
            torrents INTEGER NOT NULL,
            seeders INTEGER NOT NULL,
            leechers INTEGER NOT NULL,
            completed INTEGER NOT NULL);

        CREATE VIEW swarms AS
            SELECT lower(hex(info_hash)) AS info_hash, seeders, leechers, completed, datetime(written, 'unixepoch') AS as_of
            FROM torrents;

        CREATE VIEW history AS
            SELECT datetime(time, 'unixepoch') AS minute, announces, scrapes, connects, refused, dropped, malformed,
                   torrents, seeders, leechers, completed
            FROM statistics;
        """;

    /// <summary>
    /// Who may use the tracker. Of a passkey only a digest is kept. The triggers count changes, so that a running tracker sees with
    /// one small read whether it has to read the rest again, whoever has written.
    /// </summary>
    private const string Access = """
        CREATE TABLE torrent_access(
            info_hash BLOB PRIMARY KEY,
            allowed INTEGER NOT NULL,
            comment TEXT NOT NULL,
            changed INTEGER NOT NULL) WITHOUT ROWID;

        CREATE TABLE passkeys(
            name TEXT PRIMARY KEY,
            digest BLOB NOT NULL UNIQUE,
            created INTEGER NOT NULL) WITHOUT ROWID;

        CREATE TABLE access_version(
            id INTEGER PRIMARY KEY CHECK(id = 0),
            version INTEGER NOT NULL);
        INSERT INTO access_version VALUES(0, 1);

        CREATE TRIGGER torrent_access_insert AFTER INSERT ON torrent_access BEGIN UPDATE access_version SET version = version + 1; END;
        CREATE TRIGGER torrent_access_update AFTER UPDATE ON torrent_access BEGIN UPDATE access_version SET version = version + 1; END;
        CREATE TRIGGER torrent_access_delete AFTER DELETE ON torrent_access BEGIN UPDATE access_version SET version = version + 1; END;
        CREATE TRIGGER passkeys_insert AFTER INSERT ON passkeys BEGIN UPDATE access_version SET version = version + 1; END;
        CREATE TRIGGER passkeys_update AFTER UPDATE ON passkeys BEGIN UPDATE access_version SET version = version + 1; END;
        CREATE TRIGGER passkeys_delete AFTER DELETE ON passkeys BEGIN UPDATE access_version SET version = version + 1; END;
        """;
}
