using System.Net;
using OurTorrent.Protocol;

namespace OurTorrent.Cli.Sharing;

/// <summary>
/// Peers that came to the tracker and have not connected to us after a while: perhaps they cannot, behind their router or ours, or
/// have not been told of us, and we connect to them. Any thread may call it.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class Newcomers(TimeProvider time)
{
    /// <summary>How long they are given.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private const int Most = 1000;
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, (IPEndPoint EndPoint, long Since)> _waiting = [];

    /// <summary>A peer has come.</summary>
    /// <param name="peerId">Who.</param>
    /// <param name="endPoint">Where it says it can be reached.</param>
    public void Add(PeerId peerId, IPEndPoint endPoint)
    {
        lock (_gate)
        {
            if (_waiting.Count < Most)
                _waiting[peerId] = (endPoint, time.GetTimestamp());
        }
    }

    /// <summary>Takes those that have been given long enough.</summary>
    /// <param name="connected">The peers that are connected.</param>
    public IReadOnlyList<IPEndPoint> Take(IReadOnlyList<PeerStatus> connected)
    {
        lock (_gate)
        {
            foreach (PeerStatus peer in connected)
                _waiting.Remove(peer.PeerId);
            PeerId[] due = [.. _waiting.Where(one => time.GetElapsedTime(one.Value.Since) >= Patience).Select(static one => one.Key)];
            var endPoints = new List<IPEndPoint>(due.Length);
            foreach (PeerId peerId in due)
            {
                endPoints.Add(_waiting[peerId].EndPoint);
                _waiting.Remove(peerId);
            }

            return endPoints;
        }
    }
}
