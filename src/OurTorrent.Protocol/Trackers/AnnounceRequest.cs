using System.Net;

namespace OurTorrent.Protocol.Trackers;

/// <summary>What a client tells a tracker, over UDP or HTTP (BEP 3, BEP 15).</summary>
public sealed record AnnounceRequest
{
    /// <summary>The swarm.</summary>
    public required InfoHash InfoHash { get; init; }

    /// <summary>The client's id.</summary>
    public required PeerId PeerId { get; init; }

    /// <summary>The port the client listens on for peers.</summary>
    public required int Port { get; init; }

    /// <summary>Bytes of content sent since <see cref="AnnounceEvent.Started"/>.</summary>
    public long Uploaded { get; init; }

    /// <summary>Bytes of content received since <see cref="AnnounceEvent.Started"/>.</summary>
    public long Downloaded { get; init; }

    /// <summary>Bytes of content still missing; zero for a seeder.</summary>
    public long Left { get; init; }

    /// <summary>Why it announces.</summary>
    public AnnounceEvent Event { get; init; }

    /// <summary>How many peers are wanted; -1 leaves it to the tracker.</summary>
    public int NumWant { get; init; } = -1;

    /// <summary>A number only this client knows, by which a tracker knows it again when its address changes (BEP 7, BEP 15); zero for none.</summary>
    public uint Key { get; init; }

    /// <summary>The address peers shall use, where it is not the one the request comes from; most trackers ignore it (BEP 3).</summary>
    public IPAddress? Address { get; init; }

    /// <summary>A public IPv4 address of this client, told to a tracker reached over IPv6 (BEP 7, HTTP only).</summary>
    public IPAddress? IPv4Address { get; init; }

    /// <summary>A public IPv6 address of this client, told to a tracker reached over IPv4 (BEP 7, HTTP only).</summary>
    public IPAddress? IPv6Address { get; init; }

    /// <summary>What the tracker called <c>tracker id</c> in an earlier answer, sent back as it was; empty for none (HTTP only).</summary>
    public ReadOnlyMemory<byte> TrackerId { get; init; }
}
