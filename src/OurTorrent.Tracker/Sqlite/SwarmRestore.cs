using System.Globalization;
using Microsoft.Data.Sqlite;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Sqlite;

/// <summary>Brings the swarms back: their images, and then what has happened since.</summary>
internal sealed class SwarmRestore(TrackerDatabase database, MemorySwarmStore swarms, MemorySwarmStoreOptions options)
{
    private const int MaxStaleImages = 1_000_000;
    private readonly uint _now = (uint)options.TimeProvider.GetUtcNow().ToUnixTimeSeconds();
    private readonly List<long> _staleImages = [];

    /// <summary>Images of which nothing has come back, by row id: all their peers are too old.</summary>
    public IReadOnlyList<long> StaleImages => _staleImages;

    /// <summary>Reads everything.</summary>
    /// <param name="cancellationToken">Ends it half way.</param>
    /// <exception cref="SwarmStoreException">It cannot be read, or is damaged.</exception>
    public void Run(CancellationToken cancellationToken)
    {
        using SqliteConnection connection = database.Connect();
        try
        {
            ReadImages(connection, cancellationToken);
            ReadLog(connection, cancellationToken);
        }
        catch (SqliteException e)
        {
            throw DatabaseFault.Describe(database.Path, e);
        }
    }

    private void ReadImages(SqliteConnection connection, CancellationToken cancellationToken)
    {
        using var images = new SqliteStatement(connection, "SELECT id, info_hash, completed, written, checksum, peers4, peers6 FROM torrents");
        while (images.Step())
        {
            cancellationToken.ThrowIfCancellationRequested();
            long id = images.Int64(0);
            ReadOnlySpan<byte> hash = images.Blob(1);
            long completed = images.Int64(2);
            ReadOnlySpan<byte> ipv4 = images.Blob(5);
            ReadOnlySpan<byte> ipv6 = images.Blob(6);
            if (hash.Length != InfoHash.Length || SwarmJournal.ImageChecksum(hash, completed, ipv4, ipv6) != images.Int64(4))
                throw Damaged("torrents", id);

            if (IsAnyAlive(ipv4, CompactPeer.IPv4Length)
                || IsAnyAlive(ipv6, CompactPeer.IPv6Length)
                || (completed > 0 && !IsOver((uint)images.Int64(3), options.CompletedLifetime)))
            {
                swarms.Restore(new InfoHash(hash), (uint)completed, ipv4, ipv6);
            }
            else if (_staleImages.Count < MaxStaleImages)
            {
                _staleImages.Add(id);
            }
        }
    }

    private bool IsAnyAlive(ReadOnlySpan<byte> peers, int compactLength)
    {
        int length = compactLength + SwarmImage.PeerSuffixLength;
        for (; peers.Length >= length; peers = peers[length..])
        {
            if (!IsOver(BinaryPrimitives.ReadUInt32LittleEndian(peers[(compactLength + 4)..]), options.PeerLifetime))
                return true;
        }

        return false;
    }

    private void ReadLog(SqliteConnection connection, CancellationToken cancellationToken)
    {
        using var log = new SqliteStatement(connection, "SELECT sequence, checksum, changes FROM journal ORDER BY sequence");
        while (log.Step())
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> changes = log.Blob(2);
            if (Checksum.Of(changes) != log.Int64(1))
                throw Damaged("journal", log.Int64(0));

            for (; SwarmChange.TryRead(changes, out SwarmChange change); changes = changes[change.WireLength..])
                swarms.Apply(change, isRemote: false);
            if (!changes.IsEmpty)
                throw Damaged("journal", log.Int64(0));
        }
    }

    /// <summary>Whether that is too long ago. A time in the future is of a clock that has gone back since.</summary>
    private bool IsOver(uint time, TimeSpan lifetime) => time < _now && _now - time > lifetime.TotalSeconds;

    private SwarmStoreException Damaged(string table, long row) =>
        new(DatabaseFault.Damaged(database.Path, string.Create(CultureInfo.InvariantCulture, $"row {row} of the table {table} is not what was written there")));
}
