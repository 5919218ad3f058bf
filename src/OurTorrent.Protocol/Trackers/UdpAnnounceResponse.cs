namespace OurTorrent.Protocol.Trackers;

/// <summary>The fixed part of a UDP tracker's answer to an announce (BEP 15); the peers follow it.</summary>
/// <param name="TransactionId">The number of the request.</param>
/// <param name="Interval">How long to wait before the next announce, in seconds; may be any number.</param>
/// <param name="Leechers">How many peers have not the whole content.</param>
/// <param name="Seeders">How many peers have it.</param>
public readonly record struct UdpAnnounceResponse(uint TransactionId, int Interval, int Leechers, int Seeders)
{
    /// <summary>The length in bytes, without the peers.</summary>
    public const int HeaderLength = 20;

    /// <summary>Reads a response.</summary>
    /// <param name="packet">The whole datagram.</param>
    /// <param name="isIPv6">Whether it came over IPv6, so that a peer has 18 bytes, not 6.</param>
    /// <param name="response">The response read.</param>
    /// <param name="peers">The peers, where they lie in <paramref name="packet"/>.</param>
    /// <returns>Whether it is an announce response.</returns>
    public static bool TryParse(ReadOnlySpan<byte> packet, bool isIPv6, out UdpAnnounceResponse response, out CompactPeers peers)
    {
        response = default;
        peers = default;
        if (packet.Length < HeaderLength || !UdpResponseHeader.TryParse(packet, out UdpResponseHeader header) ||
            header.Action != UdpAction.Announce)
        {
            return false;
        }

        response = new(
            header.TransactionId,
            BinaryPrimitives.ReadInt32BigEndian(packet[8..]),
            TrackerNumber.Count(BinaryPrimitives.ReadUInt32BigEndian(packet[12..])),
            TrackerNumber.Count(BinaryPrimitives.ReadUInt32BigEndian(packet[16..])));
        peers = new CompactPeers(packet[HeaderLength..], isIPv6);
        return true;
    }

    /// <summary>Writes the fixed part; the peers are to follow, each as <see cref="CompactPeer.Write"/> writes it.</summary>
    /// <param name="destination">At least <see cref="HeaderLength"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        new UdpResponseHeader(UdpAction.Announce, TransactionId).Write(destination);
        BinaryPrimitives.WriteInt32BigEndian(destination[8..], Interval);
        BinaryPrimitives.WriteInt32BigEndian(destination[12..], Leechers);
        BinaryPrimitives.WriteInt32BigEndian(destination[16..], Seeders);
    }
}
