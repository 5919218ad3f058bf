using OurTorrent.Pieces;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Tests.Pieces;

/// <summary>A piece that failed as the work of several comes from one alone, and is never stuck with it.</summary>
public sealed class ReservedPieceTests
{
    private readonly PiecePicker _picker = new(new PieceGeometry(8 * BlockRequest.BlockSize, 8 * BlockRequest.BlockSize), new Random(1));
    private readonly PickerPeer _one = new();
    private readonly PickerPeer _other = new();

    public ReservedPieceTests()
    {
        foreach (PickerPeer peer in new[] { _one, _other })
        {
            _picker.PeerJoined(peer);
            _picker.PeerBecameSeed(peer);
        }

        // Both send a half, and it fails.
        foreach (PickerPeer peer in new[] { _one, _other })
        {
            foreach (BlockRequest request in Pick(peer, 4))
                Assert.Equal(ReceiveResult.Accepted, _picker.Received(peer, request));
        }

        _picker.PieceDone(0, good: false);
        _picker.Reserve(0, _one);
    }

    [Fact]
    public void Nobody_else_is_asked_for_it_not_even_when_all_has_been_asked_for()
    {
        Assert.Empty(Pick(_other, 8));
        BlockRequest[] all = Pick(_one, 8);
        Assert.Equal(8, all.Length);
        Assert.Empty(Pick(_other, 8));
        foreach (BlockRequest request in all)
            _picker.Received(_one, request);
        Assert.True(_picker.IsReceived(0));
        Assert.All(Enumerable.Range(0, 8), block => Assert.Same(_one, _picker.OwnerOf(0, block)));
        _picker.PieceDone(0, good: true);
        Assert.True(_picker.IsComplete);
    }

    [Theory]
    [InlineData("leaves before it was asked")]
    [InlineData("leaves")]
    [InlineData("chokes before it was asked")]
    [InlineData("chokes")]
    [InlineData("refuses")]
    [InlineData("keeps us waiting")]
    public void Others_are_asked_when_it_sends_it_no_more(string how)
    {
        BlockRequest[] asked = how.EndsWith("asked", StringComparison.Ordinal) ? [] : Pick(_one, 3);
        switch (how.Split(' ')[0])
        {
            case "leaves":
                _picker.PeerLeft(_one);
                break;
            case "chokes":
                _picker.AbandonAll(_one);
                break;
            case "refuses":
                Assert.True(_picker.Abandon(_one, asked[0]));
                break;
            default:
                _picker.SetSnubbed(_one, snubbed: true);
                break;
        }

        Assert.NotEmpty(Pick(_other, 8));
    }

    [Fact]
    public void It_is_reserved_for_one_attempt_only()
    {
        foreach (BlockRequest request in Pick(_one, 8))
            _picker.Received(_one, request);
        _picker.PieceDone(0, good: false);
        Assert.Equal(8, Pick(_other, 8).Length);
    }

    [Fact]
    public void What_nobody_wants_is_not_reserved()
    {
        _picker.SetPriority(0, FilePriority.Skip);
        _picker.Reserve(0, _one);
        Assert.Empty(Pick(_one, 8));
    }

    private BlockRequest[] Pick(PickerPeer peer, int count)
    {
        var requests = new BlockRequest[count];
        return requests[.._picker.Pick(peer, requests)];
    }
}
