using System.Buffers;

namespace OurTorrent.Tracker.Swarms;

/// <summary>A copy of one swarm with all its peers, to be kept or sent.</summary>
internal sealed class SwarmImage
{
    /// <summary>Bytes that follow the compact form of each peer: its key and when it was last heard of (4 each, little-endian), its <see cref="PeerKind"/> (1).</summary>
    public const int PeerSuffixLength = 9;

    public InfoHash InfoHash { get; private set; }

    public SwarmCounts Counts { get; private set; }

    /// <summary>IPv4 peers, each <see cref="CompactPeer.IPv4Length"/> + <see cref="PeerSuffixLength"/> bytes.</summary>
    public ArrayBufferWriter<byte> IPv4Peers { get; } = new();

    /// <summary>IPv6 peers, each <see cref="CompactPeer.IPv6Length"/> + <see cref="PeerSuffixLength"/> bytes.</summary>
    public ArrayBufferWriter<byte> IPv6Peers { get; } = new();

    /// <summary>Whether nothing is left to keep: no peers, and no completed download to remember.</summary>
    public bool IsEmpty => Counts is { Seeders: 0, Leechers: 0, Completed: 0 };

    /// <summary>Begins the copy of another swarm.</summary>
    public void Reset(in InfoHash infoHash, in SwarmCounts counts)
    {
        InfoHash = infoHash;
        Counts = counts;
        IPv4Peers.ResetWrittenCount();
        IPv6Peers.ResetWrittenCount();
    }

    public void Add(ReadOnlySpan<byte> compact, uint key, uint seen, PeerKind kind)
    {
        ArrayBufferWriter<byte> writer = compact.Length == CompactPeer.IPv4Length ? IPv4Peers : IPv6Peers;
        Span<byte> bytes = writer.GetSpan(compact.Length + PeerSuffixLength);
        compact.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[compact.Length..], key);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[(compact.Length + 4)..], seen);
        bytes[compact.Length + 8] = (byte)kind;
        writer.Advance(compact.Length + PeerSuffixLength);
    }
}
