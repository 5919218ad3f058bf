using System.Net;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Fuzz.Peers;

/// <summary>
/// A peer that does as it should, after all that hostile ones have done: the engine gets from it what is missing, and serves it. A
/// bad peer costs nobody but itself anything.
/// </summary>
internal sealed class HonestPeer(FuzzWorld world)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(5);
    private static readonly IPAddress Address = IPAddress.Parse("10.9.9.9");
    private static readonly PeerId Id = new("-HO0001-honesthonest"u8);

    /// <summary>Connects, serves everything the engine lacks, and then has it send a block.</summary>
    public void Finish()
    {
        TimeSpan end = world.Clock.Now + Patience;
        bool wasWhole = world.Swarm.Have.IsFull;
        FuzzPeer? peer = null;
        while (!(wasWhole ? peer is { BlocksReceived: > 0 } : world.Swarm.Have.IsFull))
        {
            Promise.That(world.Clock.Now < end, "an honest peer gets and gives what there is");
            if (peer is null || peer.Socket.IsClosed)
            {
                world.Advance(BetweenAttempts);
                peer = Connect(seeds: !wasWhole);
            }

            if (wasWhole)
                Ask(peer);
            else
                Serve(peer);
            world.Advance(TimeSpan.FromSeconds(1));
        }

        Promise.That(world.Swarm.State == TorrentState.Seeding, "what is whole is seeded");
    }

    private FuzzPeer Connect(bool seeds)
    {
        FuzzPeer peer = world.Connect(new IPEndPoint(Address, 1000));
        peer.Greet(PeerCapabilities.Fast, world.Metainfo.InfoHashes.Wire, Id);
        if (seeds)
        {
            peer.SayHaveAll();
            peer.Say(PeerMessageWriter.WriteUnchoke);
        }
        else
        {
            peer.Say(PeerMessageWriter.WriteHaveNone);
            peer.Say(PeerMessageWriter.WriteInterested);
        }

        world.Settle();
        return peer;
    }

    private void Serve(FuzzPeer peer)
    {
        while (peer.Serve(corrupt: false))
            world.Settle();
    }

    private void Ask(FuzzPeer peer)
    {
        if (peer.IsChoked || peer.BlocksReceived > 0)
            return;

        int length = Math.Min(BlockRequest.BlockSize, world.Metainfo.PieceLengthOf(0));
        peer.Say(writer => PeerMessageWriter.WriteRequest(writer, new BlockRequest(0, 0, length)));
    }
}
