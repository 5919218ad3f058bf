using Microsoft.Data.Sqlite;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Sqlite;

/// <summary>Writes to the tables of the swarms: the log of what happens, and images of swarms that take the place of the log. For one thread.</summary>
internal sealed class SwarmJournal : IDisposable
{
    /// <summary>How much is written in one transaction, about, so that others get their turn at the database.</summary>
    private const int TransactionLength = 1024 * 1024;
    private const int RowsDeletedAtOnce = 32;

    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _append;
    private readonly SqliteStatement _forget;
    private readonly SqliteStatement _writeImage;
    private readonly SqliteStatement _deleteImage;
    private readonly SqliteStatement _deleteOlder;
    private readonly SqliteStatement _writeStatistics;
    private readonly SqliteStatement _pruneStatistics;
    private readonly SwarmImage _image = new();

    /// <summary>Takes up the log where it ends.</summary>
    /// <param name="database">The database.</param>
    /// <exception cref="SqliteException">It cannot be read.</exception>
    public SwarmJournal(TrackerDatabase database)
    {
        _connection = database.Connect();
        try
        {
            LastSequence = _connection.Scalar("SELECT max(sequence) FROM journal");
            LogLength = _connection.Scalar("SELECT sum(length(changes)) FROM journal");
            Generation = _connection.Scalar("SELECT max(generation) FROM torrents");
            _append = Prepare("INSERT INTO journal(sequence, checksum, changes) VALUES(?, ?, ?)");
            _forget = Prepare($"DELETE FROM journal WHERE sequence IN (SELECT sequence FROM journal WHERE sequence <= ? ORDER BY sequence LIMIT {RowsDeletedAtOnce})");
            _writeImage = Prepare("""
                INSERT INTO torrents(info_hash, completed, seeders, leechers, written, generation, checksum, peers4, peers6)
                VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT(info_hash) DO UPDATE SET completed = excluded.completed, seeders = excluded.seeders, leechers = excluded.leechers,
                    written = excluded.written, generation = excluded.generation, checksum = excluded.checksum,
                    peers4 = excluded.peers4, peers6 = excluded.peers6
                """);
            _deleteImage = Prepare("DELETE FROM torrents WHERE info_hash = ?");
            _deleteOlder = Prepare("DELETE FROM torrents WHERE id > ? AND id <= ? AND generation < ?");
            _writeStatistics = Prepare("INSERT OR REPLACE INTO statistics VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
            _pruneStatistics = Prepare("DELETE FROM statistics WHERE time < ?");
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>The last row of the log.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Bytes of changes in the log.</summary>
    public long LogLength { get; private set; }

    /// <summary>How often all swarms have been written as a whole, each of them.</summary>
    public long Generation { get; private set; }

    /// <summary>Appends changes to the log, all or nothing.</summary>
    public void Append(ChangeBatch batch)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
        long sequence = LastSequence;
        foreach (ReadOnlyMemory<byte> row in batch.Rows)
        {
            _append.Bind(1, ++sequence);
            _append.Bind(2, Checksum.Of(row.Span));
            _append.Bind(3, row.Span);
            _append.Run();
        }

        transaction.Commit();
        LastSequence = sequence;
        LogLength += batch.Length;
    }

    /// <summary>Writes the swarms that have changed since this was last called, and then forgets the log up to where it ended when this was called.</summary>
    /// <param name="swarms">The swarms.</param>
    /// <param name="written">The time, in seconds since 1970.</param>
    /// <param name="between">Called between two transactions.</param>
    public void WriteChanged(MemorySwarmStore swarms, uint written, Action between)
    {
        (long covered, long length) = (LastSequence, LogLength);
        WriteImages(swarms, changedOnly: true, written, between);
        Forget(covered, length);
    }

    /// <summary>Writes all swarms, and then forgets everything else: what is in the database does not lead to what is in memory any more.</summary>
    /// <inheritdoc cref="WriteChanged"/>
    public void WriteAll(MemorySwarmStore swarms, uint written, Action between)
    {
        (long covered, long length) = (LastSequence, LogLength);
        Generation++;
        WriteImages(swarms, changedOnly: false, written, between);

        const int IdsAtOnce = 10_000;
        long last = _connection.Scalar("SELECT max(id) FROM torrents");
        for (long id = 0; id < last; id += IdsAtOnce)
        {
            _deleteOlder.Bind(1, id);
            _deleteOlder.Bind(2, id + IdsAtOnce);
            _deleteOlder.Bind(3, Generation);
            _deleteOlder.Run();
        }

        Forget(covered, length);
    }

    /// <summary>Deletes images of which nothing has come back.</summary>
    /// <param name="ids">Their row ids.</param>
    public void DeleteImages(IReadOnlyList<long> ids)
    {
        using SqliteStatement delete = Prepare("DELETE FROM torrents WHERE id = ?");
        for (int i = 0; i < ids.Count;)
        {
            using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
            for (int end = Math.Min(ids.Count, i + 1000); i < end; i++)
            {
                delete.Bind(1, ids[i]);
                delete.Run();
            }

            transaction.Commit();
        }
    }

    /// <summary>Leaves a row of statistics: the requests between two readings of the counters, and what the swarms hold.</summary>
    /// <param name="before">The first reading.</param>
    /// <param name="after">The second.</param>
    /// <param name="swarms">What the swarms hold.</param>
    /// <param name="time">The time, in seconds since 1970.</param>
    /// <param name="oldest">The time before which rows are taken away.</param>
    public void WriteStatistics(in RequestCounts before, in RequestCounts after, in SwarmTotals swarms, uint time, uint oldest)
    {
        _writeStatistics.Bind(1, time);
        _writeStatistics.Bind(2, after.Connects - before.Connects);
        _writeStatistics.Bind(3, after.Announces - before.Announces);
        _writeStatistics.Bind(4, after.Scrapes - before.Scrapes);
        _writeStatistics.Bind(5, after.Refused - before.Refused);
        _writeStatistics.Bind(6, after.Dropped - before.Dropped);
        _writeStatistics.Bind(7, after.Malformed - before.Malformed);
        _writeStatistics.Bind(8, after.BytesReceived - before.BytesReceived);
        _writeStatistics.Bind(9, after.BytesSent - before.BytesSent);
        _writeStatistics.Bind(10, swarms.Torrents);
        _writeStatistics.Bind(11, swarms.Seeders);
        _writeStatistics.Bind(12, swarms.Leechers);
        _writeStatistics.Bind(13, swarms.Completed);
        _writeStatistics.Run();
        _pruneStatistics.Bind(1, oldest);
        _pruneStatistics.Run();
    }

    public void Dispose()
    {
        _append.Dispose();
        _forget.Dispose();
        _writeImage.Dispose();
        _deleteImage.Dispose();
        _deleteOlder.Dispose();
        _writeStatistics.Dispose();
        _pruneStatistics.Dispose();
        _connection.Dispose();
    }

    /// <summary>What the checksum of an image is taken of.</summary>
    public static uint ImageChecksum(ReadOnlySpan<byte> infoHash, long completed, ReadOnlySpan<byte> ipv4Peers, ReadOnlySpan<byte> ipv6Peers)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, completed);
        uint checksum = Checksum.Append(Checksum.Of(infoHash), number);
        return Checksum.Append(Checksum.Append(checksum, ipv4Peers), ipv6Peers);
    }

    private SqliteStatement Prepare(string sql) => new(_connection, sql);

    private void WriteImages(MemorySwarmStore swarms, bool changedOnly, uint written, Action between)
    {
        ImageCursor cursor = default;
        for (bool more = true; more;)
        {
            using (SqliteTransaction transaction = _connection.BeginTransaction(deferred: false))
            {
                for (int length = 0; length < TransactionLength;)
                {
                    more = swarms.NextImage(ref cursor, changedOnly, _image);
                    if (!more)
                        break;
                    length += WriteImage(_image, written);
                }

                transaction.Commit();
            }

            between();
        }
    }

    /// <returns>Bytes written, about.</returns>
    private int WriteImage(SwarmImage image, uint written)
    {
        const int RowOverhead = 100;
        ReadOnlySpan<byte> infoHash = image.InfoHash.Span;
        if (image.IsEmpty)
        {
            _deleteImage.Bind(1, infoHash);
            _deleteImage.Run();
            return RowOverhead;
        }

        ReadOnlySpan<byte> ipv4 = image.IPv4Peers.WrittenSpan;
        ReadOnlySpan<byte> ipv6 = image.IPv6Peers.WrittenSpan;
        _writeImage.Bind(1, infoHash);
        _writeImage.Bind(2, image.Counts.Completed);
        _writeImage.Bind(3, image.Counts.Seeders);
        _writeImage.Bind(4, image.Counts.Leechers);
        _writeImage.Bind(5, written);
        _writeImage.Bind(6, Generation);
        _writeImage.Bind(7, ImageChecksum(infoHash, image.Counts.Completed, ipv4, ipv6));
        _writeImage.Bind(8, ipv4);
        _writeImage.Bind(9, ipv6);
        _writeImage.Run();
        return RowOverhead + ipv4.Length + ipv6.Length;
    }

    private void Forget(long covered, long length)
    {
        _forget.Bind(1, covered);
        while (_forget.Run() > 0)
        {
        }

        LogLength -= length;
    }
}
