using OurTorrent.Protocol;
using OurTorrent.Protocol.Peers;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Cli.Sharing;

/// <summary>
/// Counts the copies that became complete while we shared, each once: those the tracker is told of (<c>completed</c>, BEP 3), and
/// those of connected peers that lacked something and then had all. A client uses one peer id for both. Any thread may call it.
/// </summary>
internal sealed class CompleteCopies
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, CompleteCopy> _copies = [];
    private HashSet<PeerId> _incomplete = [];
    private int _taken;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _copies.Count;
        }
    }

    /// <summary>How many of them the tracker was told of.</summary>
    public int AnnouncedCount
    {
        get
        {
            lock (_gate)
                return _copies.Values.Count(static copy => copy.IsAnnounced);
        }
    }

    /// <summary>How many of them were seen.</summary>
    public int SeenCount
    {
        get
        {
            lock (_gate)
                return _copies.Values.Count(static copy => copy.IsSeen);
        }
    }

    /// <summary>A client has told the tracker that its download is complete.</summary>
    /// <param name="peerId">The client.</param>
    /// <param name="peer">Where it is.</param>
    public void Announced(PeerId peerId, CompactPeer peer)
    {
        lock (_gate)
            Find(peerId, peer.ToEndPoint().ToString(), "").IsAnnounced = true;
    }

    /// <summary>Looks at the connected peers.</summary>
    /// <param name="peers">All of them.</param>
    public void Look(IReadOnlyList<PeerStatus> peers)
    {
        lock (_gate)
        {
            var incomplete = new HashSet<PeerId>();
            foreach (PeerStatus peer in peers)
            {
                if (peer.Progress < 1)
                    incomplete.Add(peer.PeerId);
                else if (_incomplete.Contains(peer.PeerId) || _copies.ContainsKey(peer.PeerId))
                    Find(peer.PeerId, peer.EndPoint.ToString(), peer.Client).IsSeen = true;
            }

            _incomplete = incomplete;
        }
    }

    /// <summary>The copies that have come since they were last asked for.</summary>
    public IReadOnlyList<CompleteCopy> TakeNew()
    {
        lock (_gate)
        {
            CompleteCopy[] copies = [.. _copies.Values.Skip(_taken)];
            _taken = _copies.Count;
            return copies;
        }
    }

    private CompleteCopy Find(PeerId peerId, string address, string client)
    {
        if (!_copies.TryGetValue(peerId, out CompleteCopy? copy))
        {
            copy = new CompleteCopy(address, client.Length > 0 ? client : ClientNames.Of(peerId));
            _copies.Add(peerId, copy);
        }

        return copy;
    }
}
