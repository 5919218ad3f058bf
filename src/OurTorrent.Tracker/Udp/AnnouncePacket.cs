using System.Runtime.InteropServices;

namespace OurTorrent.Tracker.Udp;

/// <summary>
/// What of an announce a tracker needs (BEP 15), read where it lies: <see cref="UdpAnnounceRequest"/> copies 140 bytes, which for each
/// datagram would cost more than the rest of the reading.
/// </summary>
/// <param name="packet">A datagram of at least <see cref="UdpAnnounceRequest.WireLength"/> bytes.</param>
internal readonly ref struct AnnouncePacket(ReadOnlySpan<byte> packet)
{
    private readonly ReadOnlySpan<byte> _packet = packet[..UdpAnnounceRequest.WireLength];

    public ref readonly InfoHash InfoHash => ref MemoryMarshal.AsRef<InfoHash>(_packet[16..36]);

    public ref readonly PeerId PeerId => ref MemoryMarshal.AsRef<PeerId>(_packet[36..56]);

    /// <summary>Whether nothing is left to download.</summary>
    public bool IsSeeder => BinaryPrimitives.ReadInt64BigEndian(_packet[64..]) == 0;

    /// <summary>Why it announces; a number that is none of the protocol's is <see cref="AnnounceEvent.None"/>.</summary>
    public AnnounceEvent Event
    {
        get
        {
            uint number = BinaryPrimitives.ReadUInt32BigEndian(_packet[80..]);
            return number <= (uint)AnnounceEvent.Stopped ? (AnnounceEvent)number : AnnounceEvent.None;
        }
    }

    public uint Key => BinaryPrimitives.ReadUInt32BigEndian(_packet[88..]);

    /// <summary>How many peers are wanted; less than zero leaves it to the tracker.</summary>
    public int NumWant => BinaryPrimitives.ReadInt32BigEndian(_packet[92..]);

    public ushort Port => BinaryPrimitives.ReadUInt16BigEndian(_packet[96..]);
}
