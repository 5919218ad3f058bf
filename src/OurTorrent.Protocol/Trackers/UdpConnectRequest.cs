namespace OurTorrent.Protocol.Trackers;

/// <summary>Asks a UDP tracker for a connection id (BEP 15).</summary>
/// <param name="TransactionId">The number the answer will carry.</param>
public readonly record struct UdpConnectRequest(uint TransactionId)
{
    /// <summary>The length in bytes.</summary>
    public const int WireLength = UdpRequestHeader.WireLength;

    /// <summary>The constant that stands where other requests have their connection id.</summary>
    public const ulong ProtocolId = 0x41727101980;

    /// <summary>Reads a request.</summary>
    /// <param name="packet">The whole datagram; longer ones are accepted, as BEP 15 asks.</param>
    /// <param name="request">The request read.</param>
    /// <returns>Whether it is a connect request.</returns>
    public static bool TryParse(ReadOnlySpan<byte> packet, out UdpConnectRequest request)
    {
        bool parsed = UdpRequestHeader.TryParse(packet, out UdpRequestHeader header);
        request = new(header.TransactionId);
        return parsed && header is { ConnectionId: ProtocolId, Action: UdpAction.Connect };
    }

    /// <summary>Writes the request.</summary>
    /// <param name="destination">At least <see cref="WireLength"/> bytes.</param>
    public void Write(Span<byte> destination) => new UdpRequestHeader(ProtocolId, UdpAction.Connect, TransactionId).Write(destination);
}
