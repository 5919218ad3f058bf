using OurTorrent.Protocol.Peers;

namespace OurTorrent.Peers;

/// <summary>The blocks one peer has asked for and that have not been read from the disk yet, oldest first.</summary>
internal sealed class UploadQueue
{
    /// <summary>How many requests are kept for a peer, as its extension handshake is told (reqq, BEP 10).</summary>
    public const int Capacity = 2000;

    private readonly Queue<BlockRequest> _requests = new();

    /// <summary>The pieces the peer may ask for while we choke it (BEP 6).</summary>
    public HashSet<int> AllowedFast { get; } = [];

    /// <summary>How many requests wait.</summary>
    public int Count => _requests.Count;

    /// <summary>How many bytes are being read for the peer.</summary>
    public int Reading { get; set; }

    /// <summary>Takes a request in.</summary>
    /// <returns>Whether there was room for it.</returns>
    public bool TryAdd(BlockRequest request)
    {
        if (_requests.Count >= Capacity)
            return false;

        _requests.Enqueue(request);
        return true;
    }

    /// <summary>The oldest request.</summary>
    public bool TryPeek(out BlockRequest request) => _requests.TryPeek(out request);

    /// <summary>Takes the oldest request out.</summary>
    public void Dequeue() => _requests.Dequeue();

    /// <summary>Takes a request out that the peer has taken back.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(BlockRequest request)
    {
        bool found = false;
        for (int left = _requests.Count; left > 0; left--)
        {
            BlockRequest other = _requests.Dequeue();
            if (!found && other == request)
                found = true;
            else
                _requests.Enqueue(other);
        }

        return found;
    }

    /// <summary>Drops all requests, but for those of pieces the peer may have all the same.</summary>
    /// <param name="tell">The peer to refuse each of them to (BEP 6), or null for one that takes a choke to mean so (BEP 3).</param>
    public void RefuseAll(PeerConnection? tell)
    {
        for (int left = _requests.Count; left > 0; left--)
        {
            BlockRequest request = _requests.Dequeue();
            if (AllowedFast.Contains(request.Piece))
                _requests.Enqueue(request);
            else
                tell?.SendReject(request);
        }
    }
}
