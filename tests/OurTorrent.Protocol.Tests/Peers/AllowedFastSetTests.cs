using System.Net;
using CsCheck;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Protocol.Tests.Peers;

public sealed class AllowedFastSetTests
{
    private static readonly InfoHash Hash = new([.. Enumerable.Repeat((byte)0xaa, InfoHash.Length)]);

    [Theory]
    [InlineData("80.4.4.200", new[] { 1059, 431, 808, 1217, 287, 376, 1188 })]
    [InlineData("80.4.4.200", new[] { 1059, 431, 808, 1217, 287, 376, 1188, 353, 508 })]
    [InlineData("80.4.4.1", new[] { 1059, 431, 808 })]
    [InlineData("::ffff:80.4.4.200", new[] { 1059, 431, 808 })]
    public void The_sets_of_BEP_6_come_out(string address, int[] expected)
    {
        int[] pieces = new int[expected.Length];

        Assert.Equal(expected.Length, AllowedFastSet.Compute(IPAddress.Parse(address), Hash, 1313, pieces));

        Assert.Equal(expected, pieces);
    }

    [Fact]
    public void A_small_torrent_is_allowed_whole()
    {
        int[] pieces = new int[AllowedFastSet.DefaultCount];

        Assert.Equal(3, AllowedFastSet.Compute(IPAddress.Loopback, Hash, 3, pieces));

        Assert.Equal([0, 1, 2], pieces[..3]);
    }

    [Fact]
    public void An_IPv6_peer_is_allowed_nothing()
    {
        Assert.Equal(0, AllowedFastSet.Compute(IPAddress.IPv6Loopback, Hash, 100, new int[10]));
    }

    [Fact]
    public void A_set_has_distinct_pieces_of_the_torrent_and_a_larger_one_begins_with_the_smaller()
    {
        Gen.Select(Gen.UInt, Gen.Byte.Array[20], Gen.Int[0, 3000]).Sample((address, hash, pieceCount) =>
        {
            int[] small = new int[5];
            int[] large = new int[20];
            var ip = new IPAddress(address);
            int smallCount = AllowedFastSet.Compute(ip, new InfoHash(hash), pieceCount, small);
            int largeCount = AllowedFastSet.Compute(ip, new InfoHash(hash), pieceCount, large);

            Assert.Equal(Math.Min(20, pieceCount), largeCount);
            Assert.Equal(largeCount, large.Take(largeCount).Distinct().Count());
            Assert.All(large.Take(largeCount), piece => Assert.InRange(piece, 0, pieceCount - 1));
            if (pieceCount > large.Length)
                Assert.Equal(small.Take(smallCount), large.Take(smallCount));
        });
    }
}
