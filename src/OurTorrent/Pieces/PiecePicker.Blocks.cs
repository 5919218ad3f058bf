using OurTorrent.Protocol.Peers;

namespace OurTorrent.Pieces;

// What becomes of requests: answered or given up.
internal sealed partial class PiecePicker
{
    /// <summary>
    /// The other peers that were asked for the block that <see cref="Received"/> accepted last, and are no longer: each is
    /// to be sent a <c>cancel</c>. Valid until the next call of <see cref="Received"/>.
    /// </summary>
    public IReadOnlyList<PickerPeer> AlsoAsked => _alsoAsked;

    /// <summary>A block arrived. Once <see cref="IsReceived"/> holds for its piece, that is to be checked.</summary>
    public ReceiveResult Received(PickerPeer peer, BlockRequest block)
    {
        _alsoAsked.Clear();
        if (!Geometry.TryGetBlock(block, out int index))
            return ReceiveResult.Unrequested;

        if (Have[block.Piece])
            return ReceiveResult.Duplicate;

        if (Find(block.Piece) is not { } download)
            return ReceiveResult.Unrequested;

        if (download.IsReceived(index))
            return ReceiveResult.Duplicate;

        if (!peer.Outstanding.Remove(block.Piece, index))
            return ReceiveResult.Unrequested;

        for (int i = 0; i < download.OwnerCountOf(index); i++)
        {
            PickerPeer owner = download.OwnerOf(index, i);
            if (owner == peer)
                continue;

            owner.Outstanding.Remove(block.Piece, index);
            _alsoAsked.Add(owner);
        }

        peer.HasSent = true;
        download.Receive(index, peer);
        PartialBytes += block.Length;
        Relist(download);
        return ReceiveResult.Accepted;
    }

    /// <summary>A request will not be answered: it was rejected, or has waited too long.</summary>
    /// <returns>Whether it was outstanding.</returns>
    public bool Abandon(PickerPeer peer, BlockRequest block)
    {
        if (!Geometry.TryGetBlock(block, out int index) || !peer.Outstanding.Remove(block.Piece, index))
            return false;

        PieceDownload download = Find(block.Piece)!;
        download.Unask(index, peer);
        if (download.Only == peer)
            download.Only = null;
        ReleaseOrRelist(download);
        return true;
    }

    /// <summary>No request of a peer will be answered: it choked us without the Fast extension, or is gone.</summary>
    public void AbandonAll(PickerPeer peer)
    {
        Unreserve(peer);
        while (peer.Outstanding.Count > 0)
        {
            (int piece, int block) = peer.Outstanding.RemoveLast();
            PieceDownload download = Find(piece)!;
            if (download.Holder == peer)
                download.Holder = null;
            download.Unask(block, peer);
            ReleaseOrRelist(download);
        }

        peer.CurrentPiece = None;
    }

    /// <summary>Who sent a block that is here, of a piece that is not verified yet.</summary>
    /// <returns>The peer, which may be gone by now, or null when the block is not here.</returns>
    public PickerPeer? OwnerOf(int piece, int block) => Find(piece)?.SenderOf(block);
}
