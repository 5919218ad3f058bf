using System.Text;
using CsCheck;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Protocol.Tests.Peers;

public sealed class ClientNamesTests
{
    [Theory]
    [InlineData("-OT0100-", "OurTorrent 0.1.0")]
    [InlineData("-qB5020-", "qBittorrent 5.0.2")]
    [InlineData("-TR4050-", "Transmission 4.0.5")]
    [InlineData("-TR410Z-", "Transmission 4.1.0")]
    [InlineData("-TR2940-", "Transmission 2.94")]
    [InlineData("-LT20B0-", "libtorrent 2.0.11")]
    [InlineData("-lt0D60-", "rTorrent (libTorrent) 0.13.6")]
    [InlineData("-DE2110-", "Deluge 2.1.1")]
    [InlineData("-UT3556-", "µTorrent 3.5.5.6")]
    [InlineData("-BC0168-", "BitComet 1.68")]
    [InlineData("-FG0180X", "FlashGet 0.1.8")]
    [InlineData("-XY1200-", "XY 1.2.0")]
    [InlineData("-TIX0193", "Tixati 1.93")]
    [InlineData("-ML2.7.2-kgjjfkd", "MLDonkey 2.7.2")]
    [InlineData("M7-2-3--", "BitTorrent 7.2.3")]
    [InlineData("M4-20-8-", "BitTorrent 4.20.8")]
    [InlineData("Q1-10-0-", "Queen Bee 1.10.0")]
    [InlineData("A2-1-37-0-", "aria2 1.37.0")]
    [InlineData("S58B-----", "Shadow's client 5.8.11")]
    [InlineData("T03I-----", "BitTornado 0.3.18")]
    [InlineData("XBT054d-", "XBT Client 0.5.4")]
    [InlineData("AZ2500BT", "BitTyrant")]
    [InlineData("346------", "TorrenTopia")]
    [InlineData("-BOWA0C-", "Bits on Wheels")]
    [InlineData("OP7685", "Opera 7685")]
    [InlineData("exbc\u0000\u0038LORD", "BitLord 0.56")]
    [InlineData("\u0000\u0003BS", "BitSpirit")]
    [InlineData("-XY12\u0001\u0001X", "unknown")]
    [InlineData("", "unknown")]
    public void A_client_is_told_by_its_peer_id(string prefix, string expected)
    {
        Assert.Equal(expected, ClientNames.Of(Make(prefix)));
    }

    [Fact]
    public void Whatever_the_peer_id_the_name_is_printable()
    {
        Gen<byte[]> likely = Gen.Select(Gen.OneOf("-ML", "-", "M", "Q", "A2-", "S", "-TIX", "exbc", "OP", "XBT", "-qB"), Gen.Byte.Array[20])
            .Select((start, rest) => ((byte[])[.. Encoding.ASCII.GetBytes(start), .. rest])[..20]);

        Gen.OneOf(Gen.Byte.Array[20], likely, Gen.Char["-.0123456789AZaz~"].Array[20].Select(text => Encoding.ASCII.GetBytes(text)))
            .Sample(id => ClientNames.Of(new PeerId(id)) is { Length: > 0 and < 60 } name && !name.Any(char.IsControl));
    }

    private static PeerId Make(string prefix) => new([.. Encoding.Latin1.GetBytes(prefix.PadRight(20, 'x'))]);
}
