using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Trackers;

/// <summary>An announce to a UDP tracker (BEP 15), which also tells path and query of the URL (BEP 41).</summary>
/// <param name="remote">The tracker's address.</param>
/// <param name="maxTimeouts">How many waits may end in vain before it has failed.</param>
/// <param name="announce">What to say.</param>
/// <param name="url">Path and query of the announce URL; none are sent when empty.</param>
/// <param name="done">Told of the outcome.</param>
internal sealed class UdpAnnounce(
    IPEndPoint remote, int maxTimeouts, AnnounceRequest announce, byte[] url, Action<AnnounceResponse?, TrackerFailure?> done)
    : UdpTransaction(remote, maxTimeouts)
{
    public override int RequestLength =>
        UdpAnnounceRequest.WireLength + (url.Length == 0 ? 0 : UdpOptionReader.LengthOfUrl(url.Length));

    public override void WriteRequest(Span<byte> destination, ulong connectionId, uint transactionId)
    {
        // The field is no wider over IPv6, where it stays zero.
        uint address = announce.Address is { AddressFamily: AddressFamily.InterNetwork } given && !IsIPv6
            ? BinaryPrimitives.ReadUInt32BigEndian(given.GetAddressBytes()) : 0;
        new UdpAnnounceRequest(
            connectionId,
            transactionId,
            announce.InfoHash,
            announce.PeerId,
            announce.Downloaded,
            announce.Left,
            announce.Uploaded,
            announce.Event,
            address,
            announce.Key,
            announce.NumWant,
            (ushort)announce.Port).Write(destination);
        if (url.Length > 0)
            UdpOptionReader.WriteUrl(url, destination[UdpAnnounceRequest.WireLength..]);
    }

    public override bool TryFinish(ReadOnlySpan<byte> packet)
    {
        if (!UdpAnnounceResponse.TryParse(packet, IsIPv6, out UdpAnnounceResponse response, out CompactPeers compact))
            return false;

        var peers = new List<IPEndPoint>(compact.Count);
        foreach (CompactPeer peer in compact)
        {
            if (peer.IsUsable)
                peers.Add(peer.ToEndPoint());
        }

        done(
            new AnnounceResponse
            {
                Interval = TimeSpan.FromSeconds(Math.Max(0, response.Interval)),
                Seeders = response.Seeders,
                Leechers = response.Leechers,
                Peers = peers,
            },
            null);
        return true;
    }

    public override void Fail(TrackerFailure failure) => done(null, failure);
}
