namespace OurTorrent.Protocol.Trackers;

/// <summary>
/// An announce to a UDP tracker (BEP 15). What follows its <see cref="WireLength"/> bytes are options, which
/// <see cref="UdpOptionReader"/> reads (BEP 41).
/// </summary>
/// <param name="ConnectionId">The id the tracker gave.</param>
/// <param name="TransactionId">The number the answer will carry.</param>
/// <param name="InfoHash">The swarm.</param>
/// <param name="PeerId">The client's id.</param>
/// <param name="Downloaded">Bytes of content received.</param>
/// <param name="Left">Bytes of content still missing.</param>
/// <param name="Uploaded">Bytes of content sent.</param>
/// <param name="Event">Why it announces.</param>
/// <param name="IPv4Address">The address peers shall use, most significant byte first; zero for the sender's.</param>
/// <param name="Key">A number only this client knows.</param>
/// <param name="NumWant">How many peers are wanted; -1 leaves it to the tracker.</param>
/// <param name="Port">The port the client listens on.</param>
public readonly record struct UdpAnnounceRequest(
    ulong ConnectionId,
    uint TransactionId,
    InfoHash InfoHash,
    PeerId PeerId,
    long Downloaded,
    long Left,
    long Uploaded,
    AnnounceEvent Event,
    uint IPv4Address,
    uint Key,
    int NumWant,
    ushort Port)
{
    /// <summary>The length in bytes, without options.</summary>
    public const int WireLength = 98;

    /// <summary>Reads a request.</summary>
    /// <param name="packet">The whole datagram; options begin at <see cref="WireLength"/>.</param>
    /// <param name="request">The request read; an event number that is none is read as <see cref="AnnounceEvent.None"/>.</param>
    /// <returns>Whether it is an announce request.</returns>
    public static bool TryParse(ReadOnlySpan<byte> packet, out UdpAnnounceRequest request)
    {
        request = default;
        if (packet.Length < WireLength || !UdpRequestHeader.TryParse(packet, out UdpRequestHeader header) ||
            header.Action != UdpAction.Announce)
        {
            return false;
        }

        uint number = BinaryPrimitives.ReadUInt32BigEndian(packet[80..]);
        request = new(
            header.ConnectionId,
            header.TransactionId,
            new InfoHash(packet[16..36]),
            new PeerId(packet[36..56]),
            BinaryPrimitives.ReadInt64BigEndian(packet[56..]),
            BinaryPrimitives.ReadInt64BigEndian(packet[64..]),
            BinaryPrimitives.ReadInt64BigEndian(packet[72..]),
            number <= (uint)AnnounceEvent.Stopped ? (AnnounceEvent)number : AnnounceEvent.None,
            BinaryPrimitives.ReadUInt32BigEndian(packet[84..]),
            BinaryPrimitives.ReadUInt32BigEndian(packet[88..]),
            BinaryPrimitives.ReadInt32BigEndian(packet[92..]),
            BinaryPrimitives.ReadUInt16BigEndian(packet[96..]));
        return true;
    }

    /// <summary>Writes the request.</summary>
    /// <param name="destination">At least <see cref="WireLength"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        new UdpRequestHeader(ConnectionId, UdpAction.Announce, TransactionId).Write(destination);
        InfoHash.Span.CopyTo(destination[16..]);
        PeerId.Span.CopyTo(destination[36..]);
        BinaryPrimitives.WriteInt64BigEndian(destination[56..], Downloaded);
        BinaryPrimitives.WriteInt64BigEndian(destination[64..], Left);
        BinaryPrimitives.WriteInt64BigEndian(destination[72..], Uploaded);
        BinaryPrimitives.WriteInt32BigEndian(destination[80..], Event <= AnnounceEvent.Stopped ? (int)Event : 0);
        BinaryPrimitives.WriteUInt32BigEndian(destination[84..], IPv4Address);
        BinaryPrimitives.WriteUInt32BigEndian(destination[88..], Key);
        BinaryPrimitives.WriteInt32BigEndian(destination[92..], NumWant);
        BinaryPrimitives.WriteUInt16BigEndian(destination[96..], Port);
    }
}
