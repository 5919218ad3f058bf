using System.Net;
using System.Text;
using OurTorrent.Cli.Sharing;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Cli.Tests.Sharing;

public sealed class CompleteCopiesTests
{
    private readonly CompleteCopies _copies = new();

    [Fact]
    public void What_is_told_and_seen_is_one_copy()
    {
        _copies.Look([Peer(1, 0.5)]);
        _copies.Announced(Id(1), At(6881));
        _copies.Look([Peer(1, 1)]);

        Assert.Equal((1, 1, 1), (_copies.Count, _copies.AnnouncedCount, _copies.SeenCount));
        Assert.Equal("told to the tracker, and seen", Assert.Single(_copies.TakeNew()).Evidence);
        Assert.Empty(_copies.TakeNew());
    }

    [Fact]
    public void A_peer_that_was_whole_when_it_came_is_no_new_copy()
    {
        _copies.Look([Peer(1, 1)]);
        _copies.Look([Peer(1, 1)]);

        Assert.Equal(0, _copies.Count);
    }

    [Fact]
    public void A_peer_that_fetches_the_rest_elsewhere_while_it_is_away_is_not_seen_to_become_whole()
    {
        _copies.Look([Peer(1, 0.9)]);
        _copies.Look([]);
        _copies.Look([Peer(1, 1)]);

        Assert.Equal(0, _copies.Count);
    }

    [Fact]
    public void Friends_behind_one_address_count_each()
    {
        _copies.Announced(Id(1), At(6881));
        _copies.Announced(Id(1), At(6881));
        _copies.Announced(Id(2), At(6882));
        _copies.Look([Peer(3, 0), Peer(4, 0)]);
        _copies.Look([Peer(3, 1), Peer(4, 0.1)]);

        Assert.Equal((3, 2, 1), (_copies.Count, _copies.AnnouncedCount, _copies.SeenCount));
        Assert.Equal(["told to the tracker", "told to the tracker", "seen"], _copies.TakeNew().Select(static copy => copy.Evidence));
    }

    private static PeerId Id(int number) => new(Encoding.ASCII.GetBytes($"-OT0100-{number:D12}"));

    private static CompactPeer At(int port) => CompactPeer.From(new IPEndPoint(IPAddress.Loopback, port));

    private static PeerStatus Peer(int number, double progress) => new()
    {
        EndPoint = new IPEndPoint(IPAddress.Loopback, 40_000 + number),
        Client = "a client",
        PeerId = Id(number),
        Progress = progress,
    };
}
