namespace OurTorrent.Protocol.Peers;

/// <summary>The first message in each direction of a peer connection (BEP 3).</summary>
/// <param name="Capabilities">What the sender can do, from the reserved bytes.</param>
/// <param name="InfoHash">The swarm the connection is for.</param>
/// <param name="PeerId">How the sender names itself.</param>
public readonly record struct PeerHandshake(PeerCapabilities Capabilities, InfoHash InfoHash, PeerId PeerId)
{
    /// <summary>The length on the wire, in bytes.</summary>
    public const int WireLength = 68;

    private const int ReservedOffset = 20;
    private const int InfoHashOffset = 28;
    private const int PeerIdOffset = 48;

    private static ReadOnlySpan<byte> Protocol => "\u0013BitTorrent protocol"u8;

    /// <summary>
    /// Whether the first bytes of a connection can be the beginning of a handshake. Says early that a stranger speaks
    /// something else, or that the connection is encrypted.
    /// </summary>
    /// <param name="start">As many bytes as have come; none at all can be the beginning of anything.</param>
    public static bool MayBeginWith(ReadOnlySpan<byte> start)
    {
        int length = Math.Min(start.Length, Protocol.Length);
        return start[..length].SequenceEqual(Protocol[..length]);
    }

    /// <summary>Reads a handshake.</summary>
    /// <param name="source">The bytes received: at least <see cref="WireLength"/>; what follows is not looked at.</param>
    /// <param name="handshake">The handshake read.</param>
    /// <returns>Whether there were enough bytes, and they begin with the name of the protocol.</returns>
    public static bool TryParse(ReadOnlySpan<byte> source, out PeerHandshake handshake)
    {
        handshake = default;
        if (source.Length < WireLength || !source.StartsWith(Protocol))
            return false;

        handshake = new(
            (PeerCapabilities)BinaryPrimitives.ReadUInt64BigEndian(source[ReservedOffset..]),
            new InfoHash(source.Slice(InfoHashOffset, InfoHash.Length)),
            new PeerId(source.Slice(PeerIdOffset, PeerId.Length)));
        return true;
    }

    /// <summary>Writes the handshake.</summary>
    /// <param name="destination">At least <see cref="WireLength"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        Protocol.CopyTo(destination);
        BinaryPrimitives.WriteUInt64BigEndian(destination[ReservedOffset..], (ulong)Capabilities);
        InfoHash.Span.CopyTo(destination[InfoHashOffset..]);
        PeerId.Span.CopyTo(destination[PeerIdOffset..]);
    }
}
