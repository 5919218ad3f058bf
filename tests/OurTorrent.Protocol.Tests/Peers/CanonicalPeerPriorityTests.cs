using System.Net;
using CsCheck;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Protocol.Tests.Peers;

public sealed class CanonicalPeerPriorityTests
{
    [Theory]
    [InlineData("123.213.32.10:6881", "98.76.54.32:6881", 0xec2d7224u)]
    [InlineData("123.213.32.10:6881", "123.213.32.234:6881", 0x99568189u)]
    [InlineData("[::ffff:123.213.32.10]:6881", "98.76.54.32:6881", 0xec2d7224u)]
    public void The_examples_of_BEP_40_come_out(string local, string peer, uint expected)
    {
        Assert.Equal(expected, CanonicalPeerPriority.Compute(IPEndPoint.Parse(local), IPEndPoint.Parse(peer)));
    }

    [Theory]
    // Far, then equal in the first 32, 48, 56 and 120 bits: the masked bytes, smaller address first.
    [InlineData("ffff:ffff:ffff:ffff::1", "ffff:0fff:ffff:ffff::1", "ffff0fffffff55550000000000000001ffffffffffff55550000000000000001")]
    [InlineData("ffff:ffff:ffff:ffff::1", "ffff:ffff:ff0f:ffff::1", "ffffffffff0f55550000000000000001ffffffffffff55550000000000000001")]
    [InlineData("ffff:ffff:ffff:ffff::1", "ffff:ffff:ffff:0fff::1", "ffffffffffff0f550000000000000001ffffffffffffff550000000000000001")]
    [InlineData("ffff:ffff:ffff:ffff::1", "ffff:ffff:ffff:ff0f::1", "ffffffffffffff0f0000000000000001ffffffffffffffff0000000000000001")]
    [InlineData("ffff:ffff:ffff:ffff::1", "ffff:ffff:ffff:ffff::2", "ffffffffffffffff0000000000000001ffffffffffffffff0000000000000002")]
    [InlineData("123.213.32.10", "123.213.33.10", "7bd520007bd52100")]
    public void The_nearer_the_addresses_the_more_of_them_counts(string local, string peer, string hashed)
    {
        uint priority = CanonicalPeerPriority.Compute(new IPEndPoint(IPAddress.Parse(local), 1), new IPEndPoint(IPAddress.Parse(peer), 2));

        Assert.Equal(Crc32C(Convert.FromHexString(hashed)), priority);
    }

    [Fact]
    public void Peers_at_the_same_address_are_told_apart_by_port()
    {
        uint priority = CanonicalPeerPriority.Compute(
            new IPEndPoint(IPAddress.Parse("230.12.123.3"), 0x12c), new IPEndPoint(IPAddress.Parse("230.12.123.3"), 0x4d2));

        Assert.Equal(Crc32C([0x01, 0x2c, 0x04, 0xd2]), priority);
    }

    [Fact]
    public void Both_ends_come_to_the_same_rank()
    {
        Gen<IPEndPoint> v4 = Gen.Select(Gen.Byte[0, 3].Array[4], Gen.UShort).Select((ip, port) => new IPEndPoint(new IPAddress(ip), port));
        Gen<IPEndPoint> v6 = Gen.Select(Gen.Byte[0, 1].Array[16], Gen.UShort).Select((ip, port) => new IPEndPoint(new IPAddress(ip), port));
        Gen.Select(Gen.OneOf(v4, v6), Gen.OneOf(v4, v6)).Sample((a, b) =>
            CanonicalPeerPriority.Compute(a, b) == CanonicalPeerPriority.Compute(b, a));
    }

    /// <summary>The plain bitwise CRC-32C.</summary>
    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82f63b78 : crc >> 1;
        }

        return ~crc;
    }
}
