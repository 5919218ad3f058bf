using OurTorrent.Protocol;
using OurTorrent.Protocol.Peers;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Cli.Sharing;

/// <summary>
/// Counts the copies that became complete while we shared, each once: those the tracker is told of (<c>completed</c>, BEP 3,
/// or a leecher that leaves with nothing left), and those of connected peers that lacked something and then had all. A client uses one peer id for both. Any thread may call it.
/// </summary>
internal sealed class CompleteCopies
{
    private const int MostLeechers = 100_000;
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, CompleteCopy> _copies = [];
    private readonly HashSet<PeerId> _leechers = [];
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

    /// <summary>Takes note of what a client has told the tracker.</summary>
    /// <param name="change">What it is doing.</param>
    public void Note(PeerEvent change)
    {
        lock (_gate)
        {
            switch (change.Change)
            {
                case PeerChange.Joined when !change.IsSeeder:
                    if (_leechers.Count < MostLeechers)
                        _leechers.Add(change.PeerId);
                    break;

                // aria2 that is not to seed only leaves, and says then that it lacks nothing.
                case PeerChange.Completed:
                case PeerChange.Left when change.IsSeeder && _leechers.Contains(change.PeerId):
                    Find(change.PeerId, change.Peer.ToEndPoint().ToString(), "").IsAnnounced = true;
                    _leechers.Remove(change.PeerId);
                    break;
                case PeerChange.Left:
                    _leechers.Remove(change.PeerId);
                    break;
            }
        }
    }

    /// <summary>A connected peer that lacked something has all now.</summary>
    /// <param name="peer">The peer.</param>
    public void Saw(PeerStatus peer)
    {
        lock (_gate)
            Find(peer.PeerId, peer.EndPoint.ToString(), peer.Client).IsSeen = true;
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
