using System.Buffers.Binary;
using CsCheck;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Udp;

namespace OurTorrent.Tracker.Tests.Udp;

public sealed class UdpExchangePropertyTests
{
    /// <summary>Any bytes, and bytes that begin like a request.</summary>
    private static readonly Gen<byte[]> Packets = Gen.OneOf(
        Gen.Byte.Array[0, 1600],
        Gen.Select(Gen.Int[0, 4], Gen.Byte.Array[0, 200], static (action, rest) => (byte[])[.. new byte[11], (byte)action, .. rest]),
        Gen.Select(Gen.Bool, Gen.Byte.Array[0, 1600], static (announce, rest) => (byte[])[0, 0, 4, 0x17, 0x27, 0x10, 0x19, 0x80, 0, 0, 0, announce ? (byte)1 : (byte)0, .. rest]));

    private static readonly Gen<ClientAddress> Clients = Gen.OneOf(
        Gen.UInt.Select(static bits => new ClientAddress(bits, IsIPv6: false)),
        Gen.Select(Gen.ULong, Gen.ULong, static (high, low) => new ClientAddress(new UInt128(high, low), IsIPv6: true)));

    [Fact]
    public void Without_an_id_that_holds_nothing_longer_than_the_datagram_is_answered()
    {
        using var rig = new ExchangeRig(new CannedSwarms { Peers = 1000 });

        Gen.Select(Packets, Clients).Sample(
            (packet, client) =>
            {
                rig.Client = client;
                Assert.InRange(rig.Send(packet).Length, 0, packet.Length);
                Assert.Equal(default, rig.Swarms.Announced);
            },
            threads: 1);
    }

    [Fact]
    public void With_an_id_that_holds_any_datagram_gets_an_answer_within_its_limits()
    {
        using var rig = new ExchangeRig(new CannedSwarms { Peers = 1000 });

        Gen.Select(Packets, Clients).Sample(
            (packet, client) =>
            {
                rig.Client = client;
                byte[] request = [.. new byte[UdpRequestHeader.WireLength - Math.Min(UdpRequestHeader.WireLength, packet.Length)], .. packet];
                BinaryPrimitives.WriteUInt64BigEndian(request, rig.Connect());
                AssertAnswers(request, rig.Send(request), client);
            },
            threads: 1);
    }

    [Fact]
    public void Any_announce_gets_as_many_peers_as_it_may()
    {
        using var rig = new ExchangeRig(new CannedSwarms { Peers = 1000 });

        Gen.Select(Gen.Byte.Array[82], Gen.Byte.Array[0, 300], Clients).Sample(
            (fields, options, client) =>
            {
                rig.Client = client;
                byte[] request = [.. new byte[16], .. fields, .. options];
                new UdpRequestHeader(rig.Connect(), UdpAction.Announce, 7).Write(request);
                AssertAnswers(request, rig.Send(request), client);
            },
            threads: 1);
    }

    private static void AssertAnswers(byte[] request, byte[] reply, ClientAddress client)
    {
        Assert.True(UdpRequestHeader.TryParse(request, out UdpRequestHeader asked));
        if (request.Length > UdpExchange.MaxRequestLength || asked.Action is not (UdpAction.Announce or UdpAction.Scrape) ||
            (asked.Action == UdpAction.Announce && request.Length < UdpAnnounceRequest.WireLength))
        {
            Assert.Empty(reply);
            return;
        }

        Assert.True(UdpResponseHeader.TryParse(reply, out UdpResponseHeader answered));
        Assert.Equal(asked.TransactionId, answered.TransactionId);
        switch (answered.Action)
        {
            case UdpAction.Announce:
                Assert.Equal(UdpAction.Announce, asked.Action);
                Assert.True(UdpAnnounceRequest.TryParse(request, out UdpAnnounceRequest announce));
                Assert.True(UdpAnnounceResponse.TryParse(reply, client.IsIPv6, out _, out CompactPeers peers));
                Assert.Equal(announce.NumWant < 0 ? 50 : Math.Min(announce.NumWant, client.IsIPv6 ? 76 : 200), peers.Count);
                Assert.Equal(20 + (peers.Count * (client.IsIPv6 ? 18 : 6)), reply.Length);
                break;
            case UdpAction.Scrape:
                Assert.Equal(UdpAction.Scrape, asked.Action);
                Assert.Equal(UdpScrapeResponse.WireLengthOf((request.Length - 16) / 20), reply.Length);
                break;
            default:
                Assert.Equal(UdpAction.Error, answered.Action);
                Assert.True(asked.Action == UdpAction.Scrape ? (request.Length - 16) % 20 != 0 || request.Length == 16 : request[96] == 0 && request[97] == 0);
                break;
        }
    }
}
