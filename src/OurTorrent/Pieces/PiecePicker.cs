using OurTorrent.Protocol.Peers;

namespace OurTorrent.Pieces;

/// <summary>
/// Decides which blocks to ask of which peer: rarest first (BEP 3), with pieces a reader waits for before everything,
/// priorities, sequential order, and an endgame. It knows nothing of connections and time; it is told what happens.
/// </summary>
/// <remarks>
/// A piece is had, skipped, idle (in the rarity order of its priority) or partial (has a <see cref="PieceDownload"/>).
/// For a torrent of 400,000 pieces this costs eleven bytes a piece.
/// </remarks>
internal sealed partial class PiecePicker
{
    private const int None = -1;

    private readonly Random _random;

    // Where a piece is: from zero its place in the rarity order, None if it is in no list, else -2 less its place among the partial ones.
    private readonly int[] _positions;
    private readonly ushort[] _availability;

    // A FilePriority, in the one byte a piece can afford.
    private readonly byte[] _priorities;
    private readonly RarityOrder[] _orders;
    private readonly Bitfield _wanted;
    private readonly List<PickerPeer> _peers = [];
    private readonly List<PickerPeer> _alsoAsked = [];

    // How many pieces have so many copies, seeds left out and ourselves counted.
    private int[] _copies = new int[8];
    private int _seeds;

    /// <summary>Makes a picker that has nothing and wants everything.</summary>
    /// <param name="geometry">How the content is cut.</param>
    /// <param name="random">Chooses among equals.</param>
    public PiecePicker(PieceGeometry geometry, Random random)
    {
        Geometry = geometry;
        _random = random;
        int count = geometry.PieceCount;
        Have = new Bitfield(count);
        _wanted = new Bitfield(count);
        _wanted.Fill();
        _positions = new int[count];
        _availability = new ushort[count];
        _priorities = new byte[count];
        _orders = new RarityOrder[(int)FilePriority.High + 1];
        for (int i = 0; i < _orders.Length; i++)
            _orders[i] = new RarityOrder(_positions, random);

        Array.Fill(_priorities, (byte)FilePriority.Normal);
        for (int piece = 0; piece < count; piece++)
            _orders[(int)FilePriority.Normal].Add(piece, 0);
        _copies[0] = count;
        WantedBytes = geometry.TotalLength;
    }

    /// <summary>How the content is cut.</summary>
    public PieceGeometry Geometry { get; }

    /// <summary>The verified pieces. Only the picker changes it.</summary>
    public Bitfield Have { get; }

    /// <summary>Whether every piece that is not skipped is had.</summary>
    public bool IsComplete => _wanted.IsEmpty;

    /// <summary>Whether new pieces are begun in their order in the content, instead of the rarest first.</summary>
    public bool Sequential { get; set; }

    /// <summary>The connected peers.</summary>
    public IReadOnlyList<PickerPeer> Peers => _peers;

    /// <summary>How many pieces are begun and not verified.</summary>
    public int PartialPieces => _partials.Count;

    /// <summary>The length of all pieces that are not skipped, had or not, in bytes.</summary>
    public long WantedBytes { get; private set; }

    /// <summary>How much of <see cref="WantedBytes"/> is verified.</summary>
    public long WantedHaveBytes { get; private set; }

    /// <summary>The length of all verified pieces, skipped or not, in bytes.</summary>
    public long HaveBytes { get; private set; }

    /// <summary>The length of all blocks that arrived of pieces not verified yet, in bytes.</summary>
    public long PartialBytes { get; private set; }

    /// <summary>
    /// How many copies of the content there are among the connected peers and ourselves: the whole number is the copies of
    /// the rarest piece, the fraction is the share of pieces of which there are more. Below one it cannot be completed now.
    /// </summary>
    public double Availability
    {
        get
        {
            if (Geometry.PieceCount == 0)
                return _seeds + 1;

            int least = 0;
            while (_copies[least] == 0)
                least++;
            return _seeds + least + (1 - ((double)_copies[least] / Geometry.PieceCount));
        }
    }

    /// <summary>A peer connected. It has no piece until it says so.</summary>
    public void PeerJoined(PickerPeer peer)
    {
        if (_peers.Count == ushort.MaxValue)
            throw new InvalidOperationException("More than 65535 peers cannot be counted.");

        peer.IsJoined = true;
        _peers.Add(peer);
    }

    /// <summary>A peer disconnected: its requests are given up, its pieces no longer count.</summary>
    public void PeerLeft(PickerPeer peer)
    {
        if (!peer.IsJoined)
            return;

        AbandonAll(peer);
        ForgetPieces(peer);
        peer.IsJoined = false;
        _peers.Remove(peer);
    }

    /// <summary>A peer said which pieces it has (<c>bitfield</c>).</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="pieces">The pieces; kept and changed by the picker.</param>
    public void PeerHas(PickerPeer peer, Bitfield pieces)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(pieces.Length, Geometry.PieceCount, nameof(pieces));
        if (pieces.IsFull)
        {
            PeerBecameSeed(peer);
            return;
        }

        ForgetPieces(peer);
        peer.Have = pieces;
        ReadOnlySpan<byte> bytes = pieces.Span;
        for (int i = 0; i < bytes.Length; i++)
        {
            for (int bits = bytes[i], piece = i * 8; bits != 0; bits = (bits << 1) & 0xff, piece++)
            {
                if ((bits & 0x80) == 0)
                    continue;

                More(piece);
                if (_wanted[piece])
                    peer.WantedCount++;
            }
        }
    }

    /// <summary>A peer said that it has one more piece (<c>have</c>).</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="piece">The index of the piece, below the number of pieces.</param>
    /// <returns>Whether that is news.</returns>
    public bool PeerHas(PickerPeer peer, int piece)
    {
        if (peer.IsSeed)
            return false;

        peer.Have ??= new Bitfield(Geometry.PieceCount);
        if (!peer.Have.Add(piece))
            return false;

        More(piece);
        if (_wanted[piece])
            peer.WantedCount++;
        if (peer.Have.IsFull)
            PeerBecameSeed(peer);
        return true;
    }

    /// <summary>A peer has every piece (<c>have_all</c>, BEP 6).</summary>
    public void PeerBecameSeed(PickerPeer peer)
    {
        if (peer.IsSeed)
            return;

        ForgetPieces(peer);
        peer.IsSeed = true;
        peer.WantedCount = _wanted.Count;
        _seeds++;
    }

    /// <summary>Whether a peer has a piece that we want and do not have.</summary>
    public bool IsInteresting(PickerPeer peer) => !IsComplete && peer.WantedCount > 0;

    /// <summary>
    /// Says whether a peer keeps us waiting. Blocks that only such peers were asked for may be asked of others; what they
    /// send is still welcome.
    /// </summary>
    public void SetSnubbed(PickerPeer peer, bool snubbed)
    {
        if (peer.IsSnubbed == snubbed)
            return;

        peer.IsSnubbed = snubbed;
        for (int i = 0; i < peer.Outstanding.Count; i++)
        {
            (int piece, int block) = peer.Outstanding[i];
            PieceDownload download = Find(piece)!;
            download.OwnerChanged(block, peer);
            Relist(download);
        }
    }

    private void ForgetPieces(PickerPeer peer)
    {
        if (peer.IsSeed)
            _seeds--;

        if (peer.Have is { } have)
        {
            ReadOnlySpan<byte> bytes = have.Span;
            for (int i = 0; i < bytes.Length; i++)
            {
                for (int bits = bytes[i], piece = i * 8; bits != 0; bits = (bits << 1) & 0xff, piece++)
                {
                    if ((bits & 0x80) != 0)
                        Fewer(piece);
                }
            }
        }

        peer.IsSeed = false;
        peer.Have = null;
        peer.WantedCount = 0;
    }

    private void More(int piece)
    {
        int before = _availability[piece]++;
        if (_positions[piece] >= 0)
            OrderOf(piece).Increase(piece, before);
        CountCopies(piece, before, before + 1);
    }

    private void Fewer(int piece)
    {
        int before = _availability[piece]--;
        if (_positions[piece] >= 0)
            OrderOf(piece).Decrease(piece, before);
        CountCopies(piece, before, before - 1);
    }

    private void CountCopies(int piece, int before, int after)
    {
        int own = Have[piece] ? 1 : 0;
        MoveCopies(before + own, after + own);
    }

    private void MoveCopies(int before, int after)
    {
        if (after >= _copies.Length)
            Array.Resize(ref _copies, _copies.Length * 2);
        _copies[before]--;
        _copies[after]++;
    }

    private RarityOrder OrderOf(int piece) => _orders[_priorities[piece]];
}
