using System.Net;
using System.Text;
using OurTorrent.Cli.Sharing;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Cli.Tests.Sharing;

public sealed class CompleteCopiesTests
{
    private readonly CompleteCopies _copies = new();

    [Fact]
    public void What_is_told_and_seen_is_one_copy()
    {
        _copies.Note(Told(1, PeerChange.Joined, isSeeder: false));
        _copies.Saw(Peer(1));
        _copies.Note(Told(1, PeerChange.Completed));
        _copies.Note(Told(1, PeerChange.Left));

        Assert.Equal((1, 1, 1), (_copies.Count, _copies.AnnouncedCount, _copies.SeenCount));
        Assert.Equal("told to the tracker, and seen", Assert.Single(_copies.TakeNew()).Evidence);
        Assert.Empty(_copies.TakeNew());
    }

    [Fact]
    public void A_leecher_that_leaves_with_nothing_left_has_a_copy()
    {
        _copies.Note(Told(1, PeerChange.Joined, isSeeder: false));
        _copies.Note(Told(1, PeerChange.Left));

        Assert.Equal((1, 1), (_copies.Count, _copies.AnnouncedCount));
    }

    [Fact]
    public void Who_was_whole_when_it_came_and_who_leaves_unfinished_are_no_copies()
    {
        _copies.Note(Told(1, PeerChange.Joined));
        _copies.Note(Told(1, PeerChange.Left));
        _copies.Note(Told(2, PeerChange.Joined, isSeeder: false));
        _copies.Note(Told(2, PeerChange.Left, isSeeder: false));

        Assert.Equal(0, _copies.Count);
    }

    [Fact]
    public void Friends_behind_one_address_count_each()
    {
        _copies.Note(Told(1, PeerChange.Completed));
        _copies.Note(Told(1, PeerChange.Completed));
        _copies.Note(Told(2, PeerChange.Completed));
        _copies.Saw(Peer(3));

        Assert.Equal((3, 2, 1), (_copies.Count, _copies.AnnouncedCount, _copies.SeenCount));
        Assert.Equal(["told to the tracker", "told to the tracker", "seen"], _copies.TakeNew().Select(static copy => copy.Evidence));
    }

    private static PeerEvent Told(int number, PeerChange change, bool isSeeder = true) => new(
        new InfoHash(new byte[InfoHash.Length]), CompactPeer.From(new IPEndPoint(IPAddress.Loopback, 6880 + number)), Id(number), isSeeder, change);

    private static PeerId Id(int number) => new(Encoding.ASCII.GetBytes($"-OT0100-{number:D12}"));

    private static PeerStatus Peer(int number) => new()
    {
        EndPoint = new IPEndPoint(IPAddress.Loopback, 40_000 + number),
        Client = "a client",
        PeerId = Id(number),
    };
}
