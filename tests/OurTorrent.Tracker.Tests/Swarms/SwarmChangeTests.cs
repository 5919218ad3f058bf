using CsCheck;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Tests.Swarms;

public class SwarmChangeTests
{
    private static readonly Gen<SwarmChange> Any =
        from hash in Gen.Byte.Array[InfoHash.Length]
        from peer in Gen.Byte.Array[CompactPeer.IPv6Length]
        from isIPv6 in Gen.Bool
        from kind in Gen.Int[0, 3]
        from completion in Gen.Bool
        from numbers in Gen.UInt.Array[3]
        select new SwarmChange(
            new InfoHash(hash), PeerOf(peer.AsSpan(0, isIPv6 ? CompactPeer.IPv6Length : CompactPeer.IPv4Length)), (PeerKind)kind, completion, numbers[0], numbers[1], numbers[2]);

    [Fact]
    public void What_is_written_is_read_back() => Any.Sample(change =>
    {
        var bytes = new byte[change.WireLength];
        change.Write(bytes);
        Assert.True(SwarmChange.TryRead(bytes, out SwarmChange read));
        Assert.Equal(change, read);
        for (int length = 0; length < bytes.Length; length++)
            Assert.False(SwarmChange.TryRead(bytes.AsSpan(0, length), out _));
    });

    [Fact]
    public void No_bytes_make_it_throw() => Gen.Byte.Array[0, 80].Sample(bytes =>
    {
        if (SwarmChange.TryRead(bytes, out SwarmChange change))
            Assert.True(change.WireLength <= bytes.Length);
    });

    private static CompactPeer PeerOf(ReadOnlySpan<byte> bytes) => CompactPeer.TryParse(bytes, out CompactPeer peer) ? peer : default;
}
