using System.Text;
using CsCheck;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Protocol.Tests.Peers;

public sealed class PeerHandshakeTests
{
    private static readonly byte[] Wire =
    [
        19, .. "BitTorrent protocol"u8,
        0, 0, 0, 0, 0, 0x10, 0, 0x15,
        .. "abcdefghij0123456789"u8,
        .. "-OT0100-klmnopqrstuv"u8,
    ];

    [Fact]
    public void A_handshake_is_read_as_BEP_3_lays_it_out()
    {
        Assert.True(PeerHandshake.TryParse(Wire, out PeerHandshake handshake));

        Assert.Equal(
            PeerCapabilities.ExtensionProtocol | PeerCapabilities.Fast | PeerCapabilities.Dht | PeerCapabilities.HybridV2,
            handshake.Capabilities);
        Assert.Equal("abcdefghij0123456789", Encoding.ASCII.GetString(handshake.InfoHash.Span));
        Assert.Equal("-OT0100-klmnopqrstuv", handshake.PeerId.ToString());
    }

    [Fact]
    public void A_handshake_is_written_to_the_byte()
    {
        var handshake = new PeerHandshake(
            PeerCapabilities.ExtensionProtocol | PeerCapabilities.Fast | PeerCapabilities.Dht | PeerCapabilities.HybridV2,
            new InfoHash("abcdefghij0123456789"u8),
            new PeerId("-OT0100-klmnopqrstuv"u8));
        byte[] written = new byte[PeerHandshake.WireLength];

        handshake.Write(written);

        Assert.Equal(Wire, written);
    }

    [Fact]
    public void What_follows_the_handshake_does_not_matter()
    {
        Assert.True(PeerHandshake.TryParse([.. Wire, 0, 0, 0, 1, 2], out _));
    }

    [Fact]
    public void A_handshake_cut_short_is_refused()
    {
        for (int length = 0; length < Wire.Length; length++)
        {
            Assert.False(PeerHandshake.TryParse(Wire.AsSpan(0, length), out _));
            Assert.True(PeerHandshake.MayBeginWith(Wire.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Another_protocol_is_noticed_at_its_first_strange_byte()
    {
        for (int i = 0; i < 20; i++)
        {
            byte[] other = [.. Wire];
            other[i] ^= 1;

            Assert.False(PeerHandshake.TryParse(other, out _));
            Assert.False(PeerHandshake.MayBeginWith(other.AsSpan(0, i + 1)));
            Assert.True(PeerHandshake.MayBeginWith(other.AsSpan(0, i)));
        }
    }

    [Fact]
    public void Whatever_is_read_is_written_back_alike_reserved_bits_without_a_name_included()
    {
        Gen.Byte.Array[48].Sample(tail =>
        {
            byte[] wire = [.. Wire.AsSpan(0, 20), .. tail];
            Assert.True(PeerHandshake.TryParse(wire, out PeerHandshake handshake));
            byte[] written = new byte[PeerHandshake.WireLength];
            handshake.Write(written);
            Assert.Equal(wire, written);
        });
    }
}
