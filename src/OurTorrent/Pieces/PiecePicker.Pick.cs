using System.Runtime.InteropServices;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Pieces;

// What to ask for next.
internal sealed partial class PiecePicker
{
    /// <summary>The first pieces are taken at random: any piece to trade with is better than a rare one that takes long.</summary>
    private const int RandomFirstPieces = 4;

    /// <summary>A peer that sends a whole piece within this time has it to itself.</summary>
    private const int WholePieceSeconds = 10;

    /// <summary>How far the rarity order is walked in search of a piece that a peer has, before looking at what it has instead.</summary>
    private const int WalkLimit = 512;

    /// <summary>
    /// In the endgame a block is asked again of who would send it so many times sooner. The rates are guesses: of
    /// 1.5 times, 4.4 % of what 200 peers of different rates received came twice; of 2 times, 3.6 %, and none was later.
    /// </summary>
    private const int ClearlySooner = 2;

    /// <summary>How many outstanding requests are looked at in one go in the endgame.</summary>
    private const int EndgameSteps = 1024;

    /// <summary>
    /// Where the peers that were asked for a block have more requests than this between them, they are not looked through for it.
    /// With 50 fast seeders all of a gibibyte is asked for in half a second, long before its end, and that took half of the time.
    /// </summary>
    private const int LongestEndgameQueue = 256;

    /// <summary>A peer without a measured rate counts as this slow, in bytes per second, unless others show what is usual.</summary>
    private const long UnknownRate = 1024;

    private readonly List<(double Wait, PickerPeer Peer)> _slowest = [];
    private long _usualRate = UnknownRate;
    private int[] _hurry = [];
    private int _late;
    private int _sequentialFirst;

    /// <summary>Names the pieces a reader waits for: they are fetched before everything else.</summary>
    /// <param name="pieces">The pieces, the most urgent first; empty when nobody waits.</param>
    /// <param name="late">How many of the first are late: their blocks are asked again of peers that will be faster.</param>
    public void SetHurry(IReadOnlyList<int> pieces, int late = 0)
    {
        if (_hurry.Length != pieces.Count)
            _hurry = new int[pieces.Count];
        for (int i = 0; i < _hurry.Length; i++)
            _hurry[i] = pieces[i];
        _late = late;
    }

    /// <summary>Chooses blocks to ask a peer for, and notes them as asked.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="destination">Receives the requests, in the order they should be sent in.</param>
    /// <param name="choked">Whether the peer chokes us: then only the pieces it allows all the same (BEP 6).</param>
    /// <returns>How many there are.</returns>
    public int Pick(PickerPeer peer, Span<BlockRequest> destination, bool choked = false)
    {
        if (peer.WantedCount == 0 || !peer.IsJoined)
            return 0;

        var picks = new Picks(destination);
        if (choked)
        {
            PickListed(peer, CollectionsMarshal.AsSpan(peer.AllowedFastList), 0, ref picks);
            return picks.Count;
        }

        // Who keeps us waiting is no help to a reader in a hurry.
        if (!peer.IsSnubbed)
            PickListed(peer, _hurry, _late, ref picks);

        for (FilePriority priority = FilePriority.High; priority > FilePriority.Skip && !picks.IsFull; priority--)
            PickByPriority(peer, priority, ref picks);

        if (!picks.IsFull && !IsAnyOpen())
            PickAgain(peer, ref picks);
        return picks.Count;
    }

    // One that keeps us waiting is no longer the only one.
    private static bool MayAsk(PickerPeer peer, PieceDownload download) =>
        download.Only is not { } only || only == peer || only.IsSnubbed;

    private static double WaitFor(PickerPeer peer, int position) =>
        (position + 1.0) * BlockRequest.BlockSize / Math.Max(peer.Rate, UnknownRate);

    // A holder that is gone, choked us or became slow has nothing outstanding, or is fast no more.
    private bool IsLeftTo(PieceDownload download, PickerPeer peer) =>
        download.Holder is not { } holder || holder == peer || holder.Outstanding.Count == 0 || !IsFast(holder);

    private bool IsFast(PickerPeer peer) => !peer.IsSnubbed && peer.Rate * WholePieceSeconds >= Geometry.PieceLength;

    private void PickListed(PickerPeer peer, ReadOnlySpan<int> pieces, int late, ref Picks picks)
    {
        for (int i = 0; i < pieces.Length && !picks.IsFull; i++)
        {
            int piece = pieces[i];
            if ((uint)piece >= (uint)Geometry.PieceCount || !_wanted[piece] || !peer.Has(piece))
                continue;

            PieceDownload download = Find(piece) ?? Begin(piece, null);
            if (!MayAsk(peer, download))
                continue;

            TakeOpen(peer, download, ref picks);
            if (i < late)
                TakeLate(peer, download, ref picks);
        }
    }

    private void PickByPriority(PickerPeer peer, FilePriority priority, ref Picks picks)
    {
        while (!picks.IsFull && NextPiece(peer, priority) is { } download)
        {
            TakeOpen(peer, download, ref picks);
            peer.CurrentPiece = download.Piece;
        }
    }

    private PieceDownload? NextPiece(PickerPeer peer, FilePriority priority)
    {
        if (peer.CurrentPiece >= 0 && Find(peer.CurrentPiece) is { } current && PriorityOf(current.Piece) == priority
            && peer.Has(current.Piece) && MayAsk(peer, current) && current.NextOpenFor(peer) >= 0)
        {
            return current;
        }

        // With many pieces in pieces, nobody is left one to himself: they are finished together.
        if (_openPartials.Count > Math.Max(2, _peers.Count * 3 / 2))
            return BestPartial(peer, priority, Sharing.Any) ?? BeginNew(peer, priority, null);

        bool fast = IsFast(peer);
        if (peer.IsSeed && !Sequential && _orders[(int)priority].UnavailableCount > 0)
            return BestPartial(peer, priority, Sharing.OnlySeeds) ?? BeginNew(peer, priority, fast ? peer : null);

        return BestPartial(peer, priority, fast ? Sharing.Abandoned : Sharing.Shared)
            ?? BeginNew(peer, priority, fast ? peer : null)
            ?? BestPartial(peer, priority, Sharing.Any);
    }

    // The partial piece closest to its end, or the first when they are to come in order.
    private PieceDownload? BestPartial(PickerPeer peer, FilePriority priority, Sharing sharing)
    {
        PieceDownload? best = null;
        int bestScore = int.MaxValue;
        foreach (PieceDownload download in _openPartials)
        {
            int score = Sequential ? download.Piece : download.BlockCount - download.ReceivedCount;
            if (score > bestScore || (score == bestScore && _availability[download.Piece] >= _availability[best!.Piece])
                || PriorityOf(download.Piece) != priority || !peer.Has(download.Piece) || !MayAsk(peer, download))
            {
                continue;
            }

            bool fits = sharing switch
            {
                Sharing.Abandoned => download.Holder == peer || (download.RequestCount == 0 && IsLeftTo(download, peer)),
                Sharing.Shared => IsLeftTo(download, peer),
                Sharing.OnlySeeds => IsLeftTo(download, peer) && _availability[download.Piece] == 0,
                _ => true,
            };
            if (!fits || (peer.IsSnubbed && download.NextOpenFor(peer) < 0))
                continue;

            best = download;
            bestScore = score;
        }

        return best;
    }

    private PieceDownload? BeginNew(PickerPeer peer, FilePriority priority, PickerPeer? holder)
    {
        RarityOrder order = _orders[(int)priority];
        if (order.Count == 0)
            return null;

        int piece = Sequential ? FirstFor(peer, priority) : Suggested(peer, priority);
        if (piece == None && !Sequential)
            piece = Have.Count + _partials.Count < RandomFirstPieces ? AnyFor(peer, order) : RarestFor(peer, order);
        return piece == None ? null : Begin(piece, holder);
    }

    private int Suggested(PickerPeer peer, FilePriority priority)
    {
        List<int> suggested = peer.SuggestedList;
        for (int i = 0; i < suggested.Count; i++)
        {
            int piece = suggested[i];
            if ((uint)piece < (uint)Geometry.PieceCount && _positions[piece] >= 0 && PriorityOf(piece) == priority && peer.Has(piece))
                return piece;
        }

        return None;
    }

    private int RarestFor(PickerPeer peer, RarityOrder order)
    {
        if (peer.IsSeed)
            return order[0];

        // What no peer but a seed has, this one has not either.
        int start = order.UnavailableCount;
        int end = Math.Min(order.Count, start + WalkLimit);
        for (int i = start; i < end; i++)
        {
            if (peer.Have![order[i]])
                return order[i];
        }

        return end == order.Count ? None : SampleFor(peer, order);
    }

    private int AnyFor(PickerPeer peer, RarityOrder order)
    {
        int start = _random.Next(order.Count);
        int steps = Math.Min(order.Count, WalkLimit);
        for (int i = 0; i < steps; i++)
        {
            int piece = order[(start + i) % order.Count];
            if (peer.Has(piece))
                return piece;
        }

        return steps == order.Count ? None : SampleFor(peer, order);
    }

    // The rarest among some of the pieces that the peer has and we want: for peers that have little of what is rare.
    private int SampleFor(PickerPeer peer, RarityOrder order)
    {
        const int Sample = 256;
        int best = None;
        int seen = 0;
        int from = _random.Next(Geometry.PieceCount);
        int piece = from;
        for (int round = 0; round < 2 && seen < Sample; round++)
        {
            int end = round == 0 ? Geometry.PieceCount : from;
            while (seen < Sample && (piece = NextWantedAt(peer, piece, end)) < end)
            {
                int position = _positions[piece];
                if (position >= 0 && position < order.Count && order[position] == piece)
                {
                    seen++;
                    if (best == None || position < _positions[best])
                        best = piece;
                }

                piece++;
            }

            piece = 0;
        }

        return best;
    }

    private int FirstFor(PickerPeer peer, FilePriority priority)
    {
        RarityOrder order = _orders[(int)priority];
        if (order.Count <= WalkLimit)
        {
            int first = None;
            for (int i = 0; i < order.Count; i++)
            {
                if (peer.Has(order[i]) && (uint)order[i] < (uint)first)
                    first = order[i];
            }

            return first;
        }

        int count = Geometry.PieceCount;
        while (_sequentialFirst < count && _positions[_sequentialFirst] < 0)
            _sequentialFirst++;

        int piece = _sequentialFirst;
        while ((piece = NextWantedAt(peer, piece, count)) < count)
        {
            if (_positions[piece] >= 0 && PriorityOf(piece) == priority)
                return piece;
            piece++;
        }

        return None;
    }

    // The next piece, from one on, that we want and a peer has; the end when there is none before it.
    private int NextWantedAt(PickerPeer peer, int piece, int end)
    {
        ReadOnlySpan<byte> wanted = _wanted.Span;
        ReadOnlySpan<byte> have = peer.IsSeed ? wanted : peer.Have!.Span;
        while (piece < end)
        {
            int index = piece >> 3;
            if ((piece & 7) == 0)
            {
                ReadOnlySpan<byte> left = wanted[index..];
                while (left.Length >= sizeof(ulong)
                    && (MemoryMarshal.Read<ulong>(left) & MemoryMarshal.Read<ulong>(have[index..])) == 0)
                {
                    index += sizeof(ulong);
                    left = left[sizeof(ulong)..];
                }

                piece = index << 3;
                if (left.IsEmpty)
                    break;
            }

            int bits = wanted[index] & have[index] & (0xff >> (piece & 7));
            if (bits != 0)
                return Math.Min(end, (index << 3) + System.Numerics.BitOperations.LeadingZeroCount((uint)bits) - 24);
            piece = (index + 1) << 3;
        }

        return end;
    }

    private void TakeOpen(PickerPeer peer, PieceDownload download, ref Picks picks)
    {
        int block;
        while (!picks.IsFull && (block = download.NextOpenFor(peer)) >= 0)
            Ask(peer, download, block, ref picks);
        Relist(download);
    }

    private void TakeLate(PickerPeer peer, PieceDownload download, ref Picks picks)
    {
        for (int block = 0; block < download.BlockCount && !picks.IsFull; block++)
        {
            int owners = download.OwnerCountOf(block);
            if (owners is 0 or PieceDownload.MaxOwners || download.IsAskedOf(block, peer))
                continue;

            if (IsWorthAsking(peer, SoonestOf(download, block)))
                Ask(peer, download, block, ref picks);
        }
    }

    // When the first of those that were asked for a block will have sent it.
    private static double SoonestOf(PieceDownload download, int block)
    {
        double soonest = double.MaxValue;
        for (int i = 0; i < download.OwnerCountOf(block); i++)
        {
            PickerPeer owner = download.OwnerOf(block, i);
            if (!owner.IsSnubbed)
                soonest = Math.Min(soonest, WaitFor(owner, owner.Outstanding.IndexOf(download.Piece, block)));
        }

        return soonest;
    }

    // Endgame: everything is asked for. Who is free asks again for what others would send last.
    private void PickAgain(PickerPeer peer, ref Picks picks)
    {
        _slowest.Clear();
        long rates = 0;
        int measured = 0;
        foreach (PickerPeer other in _peers)
        {
            rates += other.Rate;
            measured += other.Rate > 0 ? 1 : 0;
        }

        _usualRate = Math.Max(UnknownRate, measured > 0 ? rates / measured : 0);
        foreach (PickerPeer other in _peers)
        {
            if (other != peer && other.Outstanding.Count > 0)
                _slowest.Add((WaitFor(other, other.Outstanding.Count - 1), other));
        }

        _slowest.Sort(static (left, right) => right.Wait.CompareTo(left.Wait));
        int steps = EndgameSteps;
        foreach ((_, PickerPeer other) in _slowest)
        {
            for (int i = other.Outstanding.Count - 1; i >= 0; i--)
            {
                if (picks.IsFull || --steps < 0)
                    return;

                if (!other.IsSnubbed && !IsWorthAsking(peer, WaitFor(other, i)))
                    break;

                (int piece, int block) = other.Outstanding[i];
                if (!_wanted[piece] || !peer.Has(piece))
                    continue;

                PieceDownload download = Find(piece)!;
                if (!download.IsAskedOf(block, peer) && MayAsk(peer, download) && IsShortOfOwners(download, block, peer))
                    Ask(peer, download, block, ref picks);
            }
        }
    }

    // Two at most, but for one more that is clearly faster than both. Those that never sent anything may never do so, and must not
    // keep a block between them from one that does.
    private bool IsShortOfOwners(PieceDownload download, int block, PickerPeer peer)
    {
        int owners = download.OwnerCountOf(block);
        if (owners < PieceDownload.MaxOwners - 1)
            return true;
        if (owners == PieceDownload.MaxOwners)
            return false;

        bool hasAnySent = false;
        int queued = 0;
        for (int i = 0; i < owners; i++)
        {
            hasAnySent |= download.OwnerOf(block, i).HasSent;
            queued += download.OwnerOf(block, i).Outstanding.Count;
        }

        if (peer.HasSent && !hasAnySent)
            return true;
        return queued <= LongestEndgameQueue && IsWorthAsking(peer, SoonestOf(download, block));
    }

    // Only when it would clearly come sooner: what is asked twice may be sent twice. Who was never asked for anything is no worse
    // than the others; who was, and has sent nothing yet, may be.
    private bool IsWorthAsking(PickerPeer peer, double otherwise)
    {
        double wait = peer is { Rate: 0, Outstanding.Count: 0 }
            ? (double)BlockRequest.BlockSize / _usualRate
            : WaitFor(peer, peer.Outstanding.Count);
        return wait * ClearlySooner < otherwise;
    }

    private bool IsAnyOpen()
    {
        for (int i = (int)FilePriority.Low; i < _orders.Length; i++)
        {
            if (_orders[i].Count > (_seeds > 0 ? 0 : _orders[i].UnavailableCount))
                return true;
        }

        foreach (PieceDownload download in _openPartials)
        {
            if (_seeds > 0 || _availability[download.Piece] > 0)
                return true;
        }

        return false;
    }

    private void Ask(PickerPeer peer, PieceDownload download, int block, ref Picks picks)
    {
        download.Ask(block, peer)?.Outstanding.Remove(download.Piece, block);
        peer.Outstanding.Add(download.Piece, block);
        picks.Add(Geometry.RequestOf(download.Piece, block));
    }

    private enum Sharing
    {
        /// <summary>Only pieces that nobody else fetches.</summary>
        Abandoned,

        /// <summary>Only pieces that no fast peer has to itself.</summary>
        Shared,

        /// <summary>Only pieces that nobody but seeds could send.</summary>
        OnlySeeds,

        /// <summary>Any piece.</summary>
        Any,
    }

    private ref struct Picks(Span<BlockRequest> destination)
    {
        private readonly Span<BlockRequest> _destination = destination;

        public int Count { get; private set; }

        public readonly bool IsFull => Count == _destination.Length;

        public void Add(BlockRequest request) => _destination[Count++] = request;
    }
}
