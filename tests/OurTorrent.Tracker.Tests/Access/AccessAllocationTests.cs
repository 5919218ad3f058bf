using System.Net;
using System.Text;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Access;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Tests.Access;

public class AccessAllocationTests
{
    [Fact]
    public void With_everything_configured_a_request_allocates_nothing()
    {
        using var rig = new AccessRig();
        using AccessDatabase database = AccessDatabase.Open(rig.Database, rig.Time);
        byte[] path = Encoding.ASCII.GetBytes($"/{database.AddPasskey("alice")}/announce?left=0");
        database.Set(AccessRig.Hash(1), isAllowed: true);
        rig.Start(
            new AccessOptions
            {
                Private = true,
                AllowedOnly = true,
                DenyListFiles = [rig.Write("deny", AccessRig.Hash(9).ToString())],
                BlockedClients = ["-XL", "-XX"],
                BlockListFiles = [rig.Write("block", "203.0.113.0/24\n2001:db8:bad::/48\n")],
                RequestsPerMinute = 100_000,
                NetworkRequestsPerMinute = 1_000_000,
                NewPortsPerTorrentPerHour = 1_000_000,
                NewPeersPerHour = 1_000_000,
            },
            withDatabase: true);
        ClientAddress ipv4 = ClientAddress.From(IPAddress.Parse("198.51.100.7"));
        ClientAddress ipv6 = ClientAddress.From(IPAddress.Parse("2001:db8::7"));
        var peerId = new PeerId("-qB5000-012345678901"u8);

        long allocated = Allocation.Least(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                RunOnce(rig.Control, ipv4, peerId, path, i);
                RunOnce(rig.Control, ipv6, peerId, path, i);
            }
        });

        Assert.Equal(0, allocated);
        Assert.Empty(rig.Control.Snapshot().Worst);
    }

    private static void RunOnce(AccessControl control, in ClientAddress source, in PeerId peerId, byte[] path, int number)
    {
        var announce = new PeerAnnounce(AccessRig.Hash(1), source.AtPort((ushort)(1 + (number % 100))), 1, AnnounceEvent.None, false);
        control.IsIgnored(source);
        control.Admit(announce, peerId, source, path);
        control.AdmitScrape(AccessRig.Hash(1), source, path);
        control.Note(announce, source, new AnnounceResult(AnnounceStatus.Accepted, PeerChange.Joined, false, default, 0, 0));
    }
}
