namespace OurTorrent.Protocol.Trackers;

/// <summary>What every message to a UDP tracker begins with (BEP 15).</summary>
/// <param name="ConnectionId">The id the tracker gave, or <see cref="UdpConnectRequest.ProtocolId"/> in a connect request.</param>
/// <param name="Action">The kind of message; may be a number that is none.</param>
/// <param name="TransactionId">The number the answer will carry.</param>
public readonly record struct UdpRequestHeader(ulong ConnectionId, UdpAction Action, uint TransactionId)
{
    /// <summary>The length in bytes.</summary>
    public const int WireLength = 16;

    /// <summary>Reads the header of a message.</summary>
    /// <param name="packet">The whole datagram.</param>
    /// <param name="header">The header read.</param>
    /// <returns>Whether the datagram is long enough.</returns>
    public static bool TryParse(ReadOnlySpan<byte> packet, out UdpRequestHeader header)
    {
        if (packet.Length < WireLength)
        {
            header = default;
            return false;
        }

        header = new(
            BinaryPrimitives.ReadUInt64BigEndian(packet),
            (UdpAction)BinaryPrimitives.ReadUInt32BigEndian(packet[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(packet[12..]));
        return true;
    }

    /// <summary>Writes the header.</summary>
    /// <param name="destination">At least <see cref="WireLength"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, ConnectionId);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], (uint)Action);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], TransactionId);
    }
}
