using OurTorrent.Protocol.Peers;

namespace OurTorrent.Pieces;

/// <summary>Decides which blocks to ask of which peer.</summary>
internal sealed class PiecePicker(PieceGeometry geometry, Random random)
{
    public PieceGeometry Geometry { get; } = geometry;
    /// <summary>The verified pieces. Changed only through the picker.</summary>
    public Bitfield Have { get; } = new(geometry.PieceCount);
    public bool IsComplete => throw new NotSupportedException();
    /// <summary>Copies of the content among the connected peers and us: whole copies, and the share of pieces of which there is one more.</summary>
    public double Availability => throw new NotSupportedException();
    public int PartialPieces => throw new NotSupportedException();
    /// <summary>Bytes of all pieces that are not skipped.</summary>
    public long WantedBytes { get; private set; }
    /// <summary>Of <see cref="WantedBytes"/>, those verified.</summary>
    public long WantedHaveBytes { get; private set; }
    /// <summary>Verified bytes.</summary>
    public long HaveBytes { get; private set; }
    /// <summary>Bytes of blocks received of pieces not verified yet.</summary>
    public long PartialBytes { get; private set; }
    public bool Sequential { get; set; }
    public IReadOnlyList<PickerPeer> Peers => throw new NotSupportedException();

    /// <summary>A peer connected; it has nothing yet.</summary>
    public void PeerJoined(PickerPeer peer) => throw new NotSupportedException();
    /// <summary>Gives up its requests and forgets what it has.</summary>
    public void PeerLeft(PickerPeer peer) => throw new NotSupportedException();
    /// <summary>bitfield message; the bitfield is kept.</summary>
    public void PeerHas(PickerPeer peer, Bitfield pieces) => throw new NotSupportedException();
    /// <summary>have message. Returns whether it is news.</summary>
    public bool PeerHas(PickerPeer peer, int piece) => throw new NotSupportedException();
    /// <summary>have_all.</summary>
    public void PeerBecameSeed(PickerPeer peer) => throw new NotSupportedException();
    public void SetSnubbed(PickerPeer peer, bool snubbed) => throw new NotSupportedException();
    public bool IsInteresting(PickerPeer peer) => throw new NotSupportedException();

    /// <summary>Fills destination with blocks to request, marks them; returns how many. choked: only allowed-fast pieces.</summary>
    public int Pick(PickerPeer peer, Span<BlockRequest> destination, bool choked = false) => throw new NotSupportedException();
    public ReceiveResult Received(PickerPeer peer, BlockRequest block) => throw new NotSupportedException();
    /// <summary>After Received said Accepted: the other peers that were asked for the block (send them cancel). Valid until the next call.</summary>
    public IReadOnlyList<PickerPeer> AlsoAsked => throw new NotSupportedException();
    /// <summary>Whether every block of a piece that is not verified yet has been received: time to verify.</summary>
    public bool IsReceived(int piece) => throw new NotSupportedException();
    /// <summary>reject, timeout. Returns whether it was outstanding.</summary>
    public bool Abandon(PickerPeer peer, BlockRequest block) => throw new NotSupportedException();
    /// <summary>choke without Fast.</summary>
    public void AbandonAll(PickerPeer peer) => throw new NotSupportedException();
    /// <summary>Who sent a received block of a piece not done yet.</summary>
    public PickerPeer? OwnerOf(int piece, int block) => throw new NotSupportedException();
    /// <summary>Verified (good) or failed the hash check.</summary>
    public void PieceDone(int piece, bool good) => throw new NotSupportedException();
    /// <summary>A piece thought had is not (storage failed, recheck).</summary>
    public void Lost(int piece) => throw new NotSupportedException();
    public void MarkHave(int piece) => throw new NotSupportedException();
    public FilePriority PriorityOf(int piece) => throw new NotSupportedException();
    public void SetPriority(int piece, FilePriority priority) => throw new NotSupportedException();
    /// <summary>Pieces a reader waits for, in order: fetched before everything. The first <paramref name="late"/> are late: their blocks may be asked of faster peers again.</summary>
    public void SetHurry(IReadOnlyList<int> pieces, int late = 0) => throw new NotSupportedException();
    private readonly Random _random = random;
}
