using System.Net;

namespace OurTorrent.Peers;

/// <summary>A peer of a torrent that we could dial.</summary>
internal sealed class PeerCandidate
{
    internal PeerCandidate(IPEndPoint endPoint, PeerSource sources, uint priority, int lot)
    {
        EndPoint = endPoint;
        Sources = sources;
        Priority = priority;
        Lot = lot;
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Where we know it from.</summary>
    public PeerSource Sources { get; internal set; }

    /// <summary>Whether it is known to have everything.</summary>
    public bool IsSeed { get; set; }

    /// <summary>How many times in a row it could not be reached, was of no use or broke the protocol.</summary>
    public int Failures { get; internal set; }

    /// <summary>When it was last dialled or let go, or null when it never was.</summary>
    public TimeSpan? LastTried { get; internal set; }

    /// <summary>Not dialled before this time.</summary>
    public TimeSpan NotBefore { get; internal set; }

    /// <summary>Whether it is being dialled, or connected.</summary>
    public bool IsInUse { get; internal set; }

    /// <summary>The canonical priority of the pair it makes with us (BEP 40); higher is dialled first.</summary>
    internal uint Priority { get; set; }

    /// <summary>Decides between equals.</summary>
    internal int Lot { get; }
}
