namespace OurTorrent.Protocol.Trackers;

/// <summary>A UDP tracker gives a connection id (BEP 15).</summary>
/// <param name="TransactionId">The number of the request.</param>
/// <param name="ConnectionId">The id; a client may use it for one minute.</param>
public readonly record struct UdpConnectResponse(uint TransactionId, ulong ConnectionId)
{
    /// <summary>The length in bytes.</summary>
    public const int WireLength = 16;

    /// <summary>Reads a response.</summary>
    /// <param name="packet">The whole datagram; longer ones are accepted, as BEP 15 asks.</param>
    /// <param name="response">The response read.</param>
    /// <returns>Whether it is a connect response.</returns>
    public static bool TryParse(ReadOnlySpan<byte> packet, out UdpConnectResponse response)
    {
        response = default;
        if (packet.Length < WireLength || !UdpResponseHeader.TryParse(packet, out UdpResponseHeader header) ||
            header.Action != UdpAction.Connect)
        {
            return false;
        }

        response = new(header.TransactionId, BinaryPrimitives.ReadUInt64BigEndian(packet[8..]));
        return true;
    }

    /// <summary>Writes the response.</summary>
    /// <param name="destination">At least <see cref="WireLength"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        new UdpResponseHeader(UdpAction.Connect, TransactionId).Write(destination);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], ConnectionId);
    }
}
