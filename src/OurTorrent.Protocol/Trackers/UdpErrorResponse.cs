namespace OurTorrent.Protocol.Trackers;

/// <summary>A UDP tracker refuses a request (BEP 15), read where it lies.</summary>
public readonly ref struct UdpErrorResponse
{
    private UdpErrorResponse(uint transactionId, ReadOnlySpan<byte> message)
    {
        TransactionId = transactionId;
        Message = message;
    }

    /// <summary>The number of the request.</summary>
    public uint TransactionId { get; }

    /// <summary>The tracker's words, as they came.</summary>
    public ReadOnlySpan<byte> Message { get; }

    /// <summary>The length of a response in bytes.</summary>
    /// <param name="messageLength">The length of its message in bytes.</param>
    public static int WireLengthOf(int messageLength) => UdpResponseHeader.WireLength + messageLength;

    /// <summary>Reads a response.</summary>
    /// <param name="packet">The whole datagram.</param>
    /// <param name="response">The response read.</param>
    /// <returns>Whether it is an error response.</returns>
    public static bool TryParse(ReadOnlySpan<byte> packet, out UdpErrorResponse response)
    {
        response = default;
        if (!UdpResponseHeader.TryParse(packet, out UdpResponseHeader header) || header.Action != UdpAction.Error)
            return false;

        response = new(header.TransactionId, packet[UdpResponseHeader.WireLength..]);
        return true;
    }

    /// <summary>Writes a response.</summary>
    /// <param name="destination">As many bytes as <see cref="WireLengthOf"/> says.</param>
    /// <param name="transactionId">The number of the request.</param>
    /// <param name="message">What to say, in UTF-8.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Write(Span<byte> destination, uint transactionId, ReadOnlySpan<byte> message)
    {
        new UdpResponseHeader(UdpAction.Error, transactionId).Write(destination);
        message.CopyTo(destination[UdpResponseHeader.WireLength..]);
        return WireLengthOf(message.Length);
    }

    /// <summary>The tracker's words on one line, without control characters, cut at 256 characters.</summary>
    public override string ToString() => TrackerText.OneLine(Message);
}
