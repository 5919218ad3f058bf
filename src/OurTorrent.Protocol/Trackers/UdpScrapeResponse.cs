namespace OurTorrent.Protocol.Trackers;

/// <summary>A UDP tracker's answer to a scrape (BEP 15), read where it lies: one entry for each swarm asked for, in order.</summary>
public readonly ref struct UdpScrapeResponse
{
    private readonly ReadOnlySpan<byte> _entries;

    private UdpScrapeResponse(uint transactionId, ReadOnlySpan<byte> entries)
    {
        TransactionId = transactionId;
        _entries = entries;
    }

    /// <summary>The number of the request.</summary>
    public uint TransactionId { get; }

    /// <summary>How many entries there are.</summary>
    public int Count => _entries.Length / ScrapeEntry.WireLength;

    /// <summary>One of the entries.</summary>
    /// <param name="index">From 0 to below <see cref="Count"/>.</param>
    public ScrapeEntry this[int index] => ScrapeEntry.Read(_entries.Slice(index * ScrapeEntry.WireLength, ScrapeEntry.WireLength));

    /// <summary>The length of a response in bytes.</summary>
    /// <param name="count">How many entries it has.</param>
    public static int WireLengthOf(int count) => UdpResponseHeader.WireLength + (count * ScrapeEntry.WireLength);

    /// <summary>Reads a response.</summary>
    /// <param name="packet">The whole datagram.</param>
    /// <param name="response">The response read.</param>
    /// <returns>Whether it is a scrape response.</returns>
    public static bool TryParse(ReadOnlySpan<byte> packet, out UdpScrapeResponse response)
    {
        response = default;
        if (!UdpResponseHeader.TryParse(packet, out UdpResponseHeader header) || header.Action != UdpAction.Scrape)
            return false;

        response = new(header.TransactionId, packet[UdpResponseHeader.WireLength..]);
        return true;
    }

    /// <summary>Writes a response.</summary>
    /// <param name="destination">As many bytes as <see cref="WireLengthOf"/> says.</param>
    /// <param name="transactionId">The number of the request.</param>
    /// <param name="entries">The entries, in the order of the request.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Write(Span<byte> destination, uint transactionId, ReadOnlySpan<ScrapeEntry> entries)
    {
        new UdpResponseHeader(UdpAction.Scrape, transactionId).Write(destination);
        for (int i = 0; i < entries.Length; i++)
            entries[i].Write(destination[WireLengthOf(i)..]);
        return WireLengthOf(entries.Length);
    }
}
