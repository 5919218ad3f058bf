using System.Net;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Peers;
using OurTorrent.Simulation.Swarms;

namespace OurTorrent.Simulation.Faults;

/// <summary>What holds at every moment, whatever goes wrong around an engine.</summary>
internal static class Invariants
{
    /// <summary>Goes on until every engine that has not left is complete, and looks every second whether all is as it must be.</summary>
    /// <param name="world">The world.</param>
    /// <param name="limit">For how long, in virtual time, somebody may not be complete.</param>
    public static void RunInOrder(this SwarmWorld world, TimeSpan limit)
    {
        world.RunUntil(
            () =>
            {
                world.Expect(() => Check(world));
                return world.Peers.All(peer => peer.HasLeft || peer.CompletedAt is not null);
            },
            limit);
        world.Expect(() => Assert.All(world.Peers.Where(peer => !peer.HasLeft && !peer.Setup.IsSeeder), peer => Assert.True(peer.Stored.IsWhole)));
    }

    /// <summary>Looks at every engine.</summary>
    /// <param name="world">The world.</param>
    /// <param name="restarted">
    /// Those whose torrents were stopped and started: a piece whose last word had not been heard then counts as wasted, and may be
    /// found whole afterwards.
    /// </param>
    public static void Check(SwarmWorld world, IReadOnlySet<SwarmPeer>? restarted = null)
    {
        HashSet<IPAddress> honest = [.. world.Peers.SelectMany(peer => peer.Host.Addresses), .. world.Peers.Select(peer => peer.Address)];
        foreach (SwarmPeer peer in world.Peers)
        {
            if (!peer.HasLeft)
                Check(world, peer, restarted?.Contains(peer) == true);
            Assert.DoesNotContain(peer.Log.Bans, honest.Contains);
            Assert.DoesNotContain(peer.Log.Lines, line => line.Contains("Exception", StringComparison.Ordinal));
        }
    }

    private static void Check(SwarmWorld world, SwarmPeer peer, bool wasRestarted)
    {
        TorrentMetainfo metainfo = world.Content.Metainfo;
        Bitfield have = peer.Torrent.Swarm.Have;
        long hadBytes = 0;
        for (int piece = 0; piece < metainfo.PieceCount; piece++)
        {
            if (!have[piece])
                continue;
            long offset = (long)piece * metainfo.PieceLength;
            int length = metainfo.PieceLengthOf(piece);
            hadBytes += length;
            Assert.True(peer.Stored.IsRight(offset, length), $"{peer.Address} believes it has piece {piece}.");
        }

        // No more than the limit, and one block for each connection that is in the middle of one.
        int connections = peer.Torrent.Status.PeersConnected + 1;
        Assert.InRange(peer.BufferedBytes, 0, peer.Setup.Session.BufferLimit + (connections * (long)BlockRequest.BlockSize));

        TorrentStatus status = peer.Torrent.Status;
        Assert.Equal(hadBytes, status.BytesCompleted);
        if (status.State is TorrentState.Downloading or TorrentState.Seeding)
        {
            long partial = peer.Torrent.Swarm.Picker.PartialBytes;
            long counted = (peer.Setup.IsSeeder ? 0 : status.BytesCompleted) + partial + status.BytesWasted;
            Assert.InRange(status.BytesDownloaded, wasRestarted ? 0 : counted, counted);
        }
    }
}
