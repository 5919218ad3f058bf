using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Peers;

/// <summary>
/// The blocks one peer has asked for and that have not been read from the disk yet, oldest first. A request that is taken back stays
/// in the row, marked, until its turn comes, so that a peer that asks and takes back without end costs no more than one that asks.
/// </summary>
internal sealed class UploadQueue
{
    /// <summary>How many requests are kept for a peer, as its extension handshake is told (reqq, BEP 10).</summary>
    public const int Capacity = 2000;

    private const int MaxRow = 2 * Capacity;

    private readonly Queue<BlockRequest> _row = new();
    private readonly Dictionary<BlockRequest, Copies> _copies = [];

    /// <summary>The pieces the peer may ask for while we choke it (BEP 6).</summary>
    public HashSet<int> AllowedFast { get; } = [];

    /// <summary>How many requests wait.</summary>
    public int Count { get; private set; }

    /// <summary>How many bytes are being read for the peer.</summary>
    public int Reading { get; set; }

    /// <summary>Takes a request in.</summary>
    /// <returns>Whether there was room for it.</returns>
    public bool TryAdd(BlockRequest request)
    {
        if (Count >= Capacity)
            return false;

        if (_row.Count >= MaxRow)
            PassThrough(_ => true, tell: null);
        _row.Enqueue(request);
        ref Copies copies = ref CollectionsMarshal.GetValueRefOrAddDefault(_copies, request, out _);
        copies.InRow++;
        copies.Waiting++;
        Count++;
        return true;
    }

    /// <summary>The oldest request.</summary>
    public bool TryPeek(out BlockRequest request)
    {
        while (_row.TryPeek(out request))
        {
            if (!IsTakenBack(request))
                return true;

            Drop(_row.Dequeue(), isWaiting: false);
        }

        return false;
    }

    /// <summary>Takes the oldest request out.</summary>
    public void Dequeue()
    {
        if (TryPeek(out _))
            Drop(_row.Dequeue(), isWaiting: true);
    }

    /// <summary>Takes a request out that the peer has taken back.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(BlockRequest request)
    {
        ref Copies copies = ref CollectionsMarshal.GetValueRefOrNullRef(_copies, request);
        if (Unsafe.IsNullRef(ref copies) || copies.Waiting == 0)
            return false;

        copies.Waiting--;
        Count--;
        return true;
    }

    /// <summary>Drops all requests, but for those of pieces the peer may have all the same.</summary>
    /// <param name="tell">The peer to refuse each of them to (BEP 6), or null for one that takes a choke to mean so (BEP 3).</param>
    public void RefuseAll(PeerConnection? tell) => PassThrough(request => AllowedFast.Contains(request.Piece), tell);

    private void PassThrough(Func<BlockRequest, bool> stays, PeerConnection? tell)
    {
        for (int left = _row.Count; left > 0; left--)
        {
            BlockRequest request = _row.Dequeue();
            if (IsTakenBack(request))
            {
                Drop(request, isWaiting: false);
            }
            else if (stays(request))
            {
                _row.Enqueue(request);
            }
            else
            {
                Drop(request, isWaiting: true);
                tell?.SendReject(request);
            }
        }
    }

    // Of several requests for one block those taken back are the oldest.
    private bool IsTakenBack(BlockRequest request)
    {
        Copies copies = _copies[request];
        return copies.InRow > copies.Waiting;
    }

    private void Drop(BlockRequest request, bool isWaiting)
    {
        ref Copies copies = ref CollectionsMarshal.GetValueRefOrNullRef(_copies, request);
        copies.InRow--;
        if (isWaiting)
        {
            copies.Waiting--;
            Count--;
        }

        if (copies.InRow == 0)
            _copies.Remove(request);
    }

    private struct Copies
    {
        public int InRow;
        public int Waiting;
    }
}
