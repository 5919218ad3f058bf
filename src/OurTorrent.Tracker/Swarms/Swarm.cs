using System.Runtime.InteropServices;

namespace OurTorrent.Tracker.Swarms;

/// <summary>One swarm, in native memory: a cache line, and its peers in pages of their own.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = ByteSize)]
internal unsafe struct Swarm
{
    /// <summary>Its size: a cache line.</summary>
    public const int ByteSize = 64;

    public InfoHash InfoHash;

    /// <summary>Downloads completed; in a record that is free, the next free one.</summary>
    public uint Completed;

    /// <summary>IPv4 peers that download.</summary>
    public PeerTable IPv4Leechers;

    /// <summary>IPv4 peers that only upload: seeders and partial seeds.</summary>
    public PeerTable IPv4Uploaders;

    /// <summary>The IPv6 peers, or null while there are none.</summary>
    public IPv6Peers* IPv6;

    /// <summary>How many of the uploaders, of both families, are partial seeds.</summary>
    public int PartialSeeds;

    /// <summary>Since when there have been no peers, in hours since 1970 modulo 65,536.</summary>
    public ushort IdleHour;

    /// <summary>Whether the record is taken.</summary>
    public bool IsUsed;

    /// <summary>Whether it has changed since its last image was taken.</summary>
    public bool IsChanged;

    public readonly int Uploaders => IPv4Uploaders.Count + (IPv6 == null ? 0 : IPv6->Uploaders.Count);

    public readonly int Downloaders => IPv4Leechers.Count + (IPv6 == null ? 0 : IPv6->Leechers.Count);

    public readonly int Peers => Uploaders + Downloaders;

    public readonly SwarmCounts Counts => new(
        Uploaders - PartialSeeds, Downloaders + PartialSeeds, PartialSeeds, (int)Math.Min(Completed, int.MaxValue));

    /// <summary>The peers of an address family that its swarm keeps apart, for most swarms have none.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    public struct IPv6Peers
    {
        public PeerTable Leechers;
        public PeerTable Uploaders;
    }
}
