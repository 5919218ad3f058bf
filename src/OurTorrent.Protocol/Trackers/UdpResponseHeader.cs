namespace OurTorrent.Protocol.Trackers;

/// <summary>What every message from a UDP tracker begins with (BEP 15).</summary>
/// <param name="Action">The kind of message; may be a number that is none.</param>
/// <param name="TransactionId">The number of the request that is answered.</param>
public readonly record struct UdpResponseHeader(UdpAction Action, uint TransactionId)
{
    /// <summary>The length in bytes.</summary>
    public const int WireLength = 8;

    /// <summary>Reads the header of a message.</summary>
    /// <param name="packet">The whole datagram.</param>
    /// <param name="header">The header read.</param>
    /// <returns>Whether the datagram is long enough.</returns>
    public static bool TryParse(ReadOnlySpan<byte> packet, out UdpResponseHeader header)
    {
        if (packet.Length < WireLength)
        {
            header = default;
            return false;
        }

        header = new(
            (UdpAction)BinaryPrimitives.ReadUInt32BigEndian(packet), BinaryPrimitives.ReadUInt32BigEndian(packet[4..]));
        return true;
    }

    /// <summary>Writes the header.</summary>
    /// <param name="destination">At least <see cref="WireLength"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)Action);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], TransactionId);
    }
}
