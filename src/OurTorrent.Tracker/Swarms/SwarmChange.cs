namespace OurTorrent.Tracker.Swarms;

/// <summary>
/// One thing that happened to a swarm, for those who keep it beyond the process or tell other nodes. Applying changes in their
/// order, also some of them twice, ends in the same peers.
/// </summary>
/// <param name="InfoHash">The swarm.</param>
/// <param name="Peer">The peer.</param>
/// <param name="Kind">What has become of it.</param>
/// <param name="IsCompletion">Whether the peer has just completed its download; counted once by each node that hears of it.</param>
/// <param name="Key">What proves that it is the same client.</param>
/// <param name="Seen">When the peer was last heard of, in seconds since 1970.</param>
/// <param name="Completed">How many downloads of the swarm have been completed, as this node has counted.</param>
internal readonly record struct SwarmChange(
    InfoHash InfoHash, CompactPeer Peer, PeerKind Kind, bool IsCompletion, uint Key, uint Seen, uint Completed)
{
    /// <summary>The length of a change of an IPv4 peer, in bytes.</summary>
    public const int IPv4Length = 1 + InfoHash.Length + CompactPeer.IPv4Length + 12;

    /// <summary>The length of a change of an IPv6 peer, in bytes.</summary>
    public const int IPv6Length = 1 + InfoHash.Length + CompactPeer.IPv6Length + 12;

    private const int KindBits = 0x0f;
    private const int CompletionBit = 0x40;
    private const int IPv6Bit = 0x80;

    /// <summary>The length written, in bytes.</summary>
    public int WireLength => Peer.IsIPv6 ? IPv6Length : IPv4Length;

    /// <summary>Reads the first change of several.</summary>
    /// <param name="bytes">The changes.</param>
    /// <param name="change">The change read.</param>
    /// <returns>Whether there is one, whole and of a known kind.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SwarmChange change)
    {
        change = default;
        if (bytes.IsEmpty)
            return false;

        bool isIPv6 = (bytes[0] & IPv6Bit) != 0;
        var kind = (PeerKind)(bytes[0] & KindBits);
        if (kind > PeerKind.Seeder || bytes.Length < (isIPv6 ? IPv6Length : IPv4Length))
            return false;

        ReadOnlySpan<byte> peer = bytes.Slice(1 + InfoHash.Length, isIPv6 ? CompactPeer.IPv6Length : CompactPeer.IPv4Length);
        if (!CompactPeer.TryParse(peer, out CompactPeer compact))
            return false;

        ReadOnlySpan<byte> rest = bytes[(1 + InfoHash.Length + peer.Length)..];
        change = new(
            new InfoHash(bytes.Slice(1, InfoHash.Length)),
            compact,
            kind,
            (bytes[0] & CompletionBit) != 0,
            BinaryPrimitives.ReadUInt32LittleEndian(rest),
            BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]));
        return true;
    }

    /// <summary>Writes the change.</summary>
    /// <param name="destination">At least <see cref="WireLength"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        destination[0] = (byte)((int)Kind | (IsCompletion ? CompletionBit : 0) | (Peer.IsIPv6 ? IPv6Bit : 0));
        InfoHash.Span.CopyTo(destination[1..]);
        Peer.Write(destination[(1 + InfoHash.Length)..]);
        Span<byte> rest = destination[(1 + InfoHash.Length + Peer.WireLength)..];
        BinaryPrimitives.WriteUInt32LittleEndian(rest, Key);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[4..], Seen);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[8..], Completed);
    }
}
