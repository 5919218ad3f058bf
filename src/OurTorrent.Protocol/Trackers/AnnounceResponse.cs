using System.Net;

namespace OurTorrent.Protocol.Trackers;

/// <summary>What a tracker answers to an announce, from UDP or HTTP.</summary>
public sealed record AnnounceResponse
{
    /// <summary>How long to wait before the next announce; zero when the tracker gave no sensible value.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>The least time between two announces, or null when the tracker does not say.</summary>
    public TimeSpan? MinInterval { get; init; }

    /// <summary>How many peers have the whole content, or null when the tracker does not say.</summary>
    public int? Seeders { get; init; }

    /// <summary>How many peers have not, or null when the tracker does not say.</summary>
    public int? Leechers { get; init; }

    /// <summary>How many downloads have been completed, or null when the tracker does not say.</summary>
    public int? Completed { get; init; }

    /// <summary>The peers. Never null; may name the client itself.</summary>
    public IReadOnlyList<IPEndPoint> Peers { get; init; } = [];

    /// <summary>A message for the user, on one line, or null.</summary>
    public string? Warning { get; init; }

    /// <summary>To be sent back with the next announce; empty when the tracker gave none.</summary>
    public ReadOnlyMemory<byte> TrackerId { get; init; }

    /// <summary>The client's address as the tracker sees it (BEP 24), or null.</summary>
    public IPAddress? ExternalAddress { get; init; }
}
