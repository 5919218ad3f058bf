using System.Net;

namespace OurTorrent.Simulation.Trackers;

/// <summary>The peers of one torrent, as its tracker knows them.</summary>
internal sealed class TrackedSwarm
{
    private readonly Dictionary<IPEndPoint, int> _places = [];
    private readonly List<(IPEndPoint Peer, bool IsSeeder, TimeSpan SeenAt)> _peers = [];

    public int Seeders { get; private set; }

    public int Leechers => _peers.Count - Seeders;

    public int Completed { get; set; }

    public IReadOnlyCollection<IPEndPoint> Peers => _places.Keys;

    public void Note(IPEndPoint peer, bool isSeeder, TimeSpan now)
    {
        Remove(peer);
        _places.Add(peer, _peers.Count);
        _peers.Add((peer, isSeeder, now));
        Seeders += isSeeder ? 1 : 0;
    }

    public void Remove(IPEndPoint peer)
    {
        if (!_places.Remove(peer, out int place))
            return;
        Seeders -= _peers[place].IsSeeder ? 1 : 0;
        _peers[place] = _peers[^1];
        _peers.RemoveAt(_peers.Count - 1);
        if (place < _peers.Count)
            _places[_peers[place].Peer] = place;
    }

    /// <summary>Forgets who has not come since a time.</summary>
    public void Forget(TimeSpan since)
    {
        for (int i = _peers.Count - 1; i >= 0; i--)
        {
            if (_peers[i].SeenAt < since)
                Remove(_peers[i].Peer);
        }
    }

    /// <summary>Chooses peers at random, but not the one who asks.</summary>
    public IReadOnlyList<IPEndPoint> Choose(IPEndPoint asker, int count, Random random)
    {
        // The first steps of a shuffle, of places rather than of the list.
        int[] places = [.. Enumerable.Range(0, _peers.Count)];
        var chosen = new List<IPEndPoint>(Math.Min(count, places.Length));
        for (int i = 0; i < places.Length && chosen.Count < count; i++)
        {
            int other = random.Next(i, places.Length);
            (places[i], places[other]) = (places[other], places[i]);
            IPEndPoint peer = _peers[places[i]].Peer;
            if (!peer.Equals(asker))
                chosen.Add(peer);
        }

        return chosen;
    }
}
