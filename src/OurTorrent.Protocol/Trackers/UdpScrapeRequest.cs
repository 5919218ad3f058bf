namespace OurTorrent.Protocol.Trackers;

/// <summary>Asks a UDP tracker for the numbers of some swarms (BEP 15), read where it lies.</summary>
public readonly ref struct UdpScrapeRequest
{
    /// <summary>How many swarms fit in one request.</summary>
    public const int MaxCount = 74;

    private readonly ReadOnlySpan<byte> _infoHashes;

    private UdpScrapeRequest(UdpRequestHeader header, ReadOnlySpan<byte> infoHashes)
    {
        ConnectionId = header.ConnectionId;
        TransactionId = header.TransactionId;
        _infoHashes = infoHashes;
    }

    /// <summary>The id the tracker gave.</summary>
    public ulong ConnectionId { get; }

    /// <summary>The number the answer will carry.</summary>
    public uint TransactionId { get; }

    /// <summary>How many swarms are asked for, up to <see cref="MaxCount"/>.</summary>
    public int Count => _infoHashes.Length / InfoHash.Length;

    /// <summary>One of the swarms.</summary>
    /// <param name="index">From 0 to below <see cref="Count"/>.</param>
    public InfoHash this[int index] => new(_infoHashes.Slice(index * InfoHash.Length, InfoHash.Length));

    /// <summary>The length of a request in bytes.</summary>
    /// <param name="count">How many swarms it asks for.</param>
    public static int WireLengthOf(int count) => UdpRequestHeader.WireLength + (count * InfoHash.Length);

    /// <summary>Reads a request.</summary>
    /// <param name="packet">The whole datagram; what lies beyond <see cref="MaxCount"/> swarms is left out.</param>
    /// <param name="request">The request read.</param>
    /// <returns>Whether it is a scrape request for at least one swarm.</returns>
    public static bool TryParse(ReadOnlySpan<byte> packet, out UdpScrapeRequest request)
    {
        request = default;
        if (!UdpRequestHeader.TryParse(packet, out UdpRequestHeader header) || header.Action != UdpAction.Scrape)
            return false;

        int count = Math.Min((packet.Length - UdpRequestHeader.WireLength) / InfoHash.Length, MaxCount);
        request = new(header, packet.Slice(UdpRequestHeader.WireLength, count * InfoHash.Length));
        return count > 0;
    }

    /// <summary>Writes a request.</summary>
    /// <param name="destination">As many bytes as <see cref="WireLengthOf"/> says.</param>
    /// <param name="connectionId">The id the tracker gave.</param>
    /// <param name="transactionId">The number the answer will carry.</param>
    /// <param name="infoHashes">The swarms, from 1 to <see cref="MaxCount"/>.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Write(Span<byte> destination, ulong connectionId, uint transactionId, ReadOnlySpan<InfoHash> infoHashes)
    {
        ArgumentOutOfRangeException.ThrowIfZero(infoHashes.Length, nameof(infoHashes));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(infoHashes.Length, MaxCount, nameof(infoHashes));
        new UdpRequestHeader(connectionId, UdpAction.Scrape, transactionId).Write(destination);
        for (int i = 0; i < infoHashes.Length; i++)
            infoHashes[i].Span.CopyTo(destination[WireLengthOf(i)..]);
        return WireLengthOf(infoHashes.Length);
    }
}
