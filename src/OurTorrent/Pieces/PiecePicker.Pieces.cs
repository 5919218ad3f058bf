namespace OurTorrent.Pieces;

// What becomes of pieces: wanted or not, begun, verified, failed, lost.
internal sealed partial class PiecePicker
{
    private readonly List<PieceDownload> _partials = [];
    private readonly List<PieceDownload> _openPartials = [];
    private readonly Stack<PieceDownload>?[] _pool = new Stack<PieceDownload>?[32];

    /// <summary>How much a piece is wanted.</summary>
    public FilePriority PriorityOf(int piece) => (FilePriority)_priorities[piece];

    /// <summary>Says how much a piece is wanted. Requests that are outstanding for it stay.</summary>
    public void SetPriority(int piece, FilePriority priority)
    {
        FilePriority before = PriorityOf(piece);
        if (priority == before)
            return;

        bool idle = _positions[piece] >= 0;
        if (idle)
            OrderOf(piece).Remove(piece, _availability[piece]);
        _priorities[piece] = (byte)priority;

        if (before == FilePriority.Skip)
            CountWanted(piece, 1);
        else if (priority == FilePriority.Skip)
            CountWanted(piece, -1);

        if (Find(piece) is { } download)
            Relist(download);
        else
            MakeIdle(piece);
    }

    /// <summary>A piece is here and good, as known from the last run or from a check of the files.</summary>
    public void MarkHave(int piece) => PieceDone(piece, good: true);

    /// <summary>A piece was checked against its hash.</summary>
    /// <param name="piece">The index of the piece.</param>
    /// <param name="good">Whether it is good; if not, its blocks are to be fetched again.</param>
    public void PieceDone(int piece, bool good)
    {
        if (!good)
        {
            Lost(piece);
            return;
        }

        if (Have[piece])
            return;

        if (Find(piece) is { } download)
        {
            for (int block = 0; block < download.BlockCount; block++)
            {
                for (int i = download.OwnerCountOf(block) - 1; i >= 0; i--)
                    download.OwnerOf(block, i).Outstanding.Remove(piece, block);
            }

            PartialBytes -= ReceivedBytesOf(download);
            Release(download);
        }
        else if (_positions[piece] >= 0)
        {
            OrderOf(piece).Remove(piece, _availability[piece]);
        }

        if (PriorityOf(piece) != FilePriority.Skip)
            CountMissing(piece, -1);
        MoveCopies(_availability[piece], _availability[piece] + 1);
        Have.Add(piece);
        HaveBytes += Geometry.LengthOf(piece);
    }

    /// <summary>What is here of a piece, verified or not, is worthless: the storage failed, or a check found it so.</summary>
    public void Lost(int piece)
    {
        if (Have.Remove(piece))
        {
            HaveBytes -= Geometry.LengthOf(piece);
            MoveCopies(_availability[piece] + 1, _availability[piece]);
            if (PriorityOf(piece) != FilePriority.Skip)
                CountMissing(piece, 1);
            MakeIdle(piece);
            return;
        }

        if (Find(piece) is not { } download)
            return;

        PartialBytes -= ReceivedBytesOf(download);
        download.Discard();
        ReleaseOrRelist(download);
    }

    /// <summary>
    /// Has a piece that failed fetched from one peer alone, so that the next outcome says who sends false blocks. It lasts until the
    /// piece is done, or that peer gives up a block of it, keeps us waiting, chokes us or leaves.
    /// </summary>
    public void Reserve(int piece, PickerPeer peer)
    {
        if (_wanted[piece])
            (Find(piece) ?? Begin(piece, null)).Only = peer;
    }

    /// <summary>A peer serves us no longer: what was to come from it alone may come from any.</summary>
    public void Unreserve(PickerPeer peer)
    {
        foreach (PieceDownload download in _partials)
        {
            if (download.Only == peer)
                download.Only = null;
        }
    }

    /// <summary>Whether every block of a piece that is not verified is here: it is time to check it.</summary>
    public bool IsReceived(int piece) => Find(piece) is { } download && download.ReceivedCount == download.BlockCount;

    private PieceDownload? Find(int piece)
    {
        int position = _positions[piece];
        return position < None ? _partials[-2 - position] : null;
    }

    private PieceDownload Begin(int piece, PickerPeer? holder)
    {
        OrderOf(piece).Remove(piece, _availability[piece]);
        int blocks = Geometry.BlockCountOf(piece);
        int sizeClass = PieceDownload.ClassOf(blocks);
        if (_pool[sizeClass] is not { } pool || !pool.TryPop(out PieceDownload? download))
            download = PieceDownload.OfClass(sizeClass);

        download.Begin(piece, blocks);
        download.Holder = holder;
        download.Index = _partials.Count;
        _partials.Add(download);
        _positions[piece] = -2 - download.Index;
        Relist(download);
        return download;
    }

    // Ends a download; the piece is in no list then.
    private void Release(PieceDownload download)
    {
        if (download.OpenIndex >= 0)
            Unlist(download);

        PieceDownload last = _partials[^1];
        _partials[download.Index] = last;
        last.Index = download.Index;
        _positions[last.Piece] = -2 - last.Index;
        _partials.RemoveAt(_partials.Count - 1);
        _positions[download.Piece] = None;

        download.End();
        (_pool[PieceDownload.ClassOf(download.BlockCount)] ??= new Stack<PieceDownload>()).Push(download);
    }

    // A piece of which nothing is here and nothing is asked is as good as not begun.
    private void ReleaseOrRelist(PieceDownload download)
    {
        if (download.ReceivedCount > 0 || download.RequestCount > 0)
        {
            Relist(download);
            return;
        }

        Release(download);
        MakeIdle(download.Piece);
    }

    private void MakeIdle(int piece)
    {
        if (!_wanted[piece])
            return;

        OrderOf(piece).Add(piece, _availability[piece]);
        _sequentialFirst = Math.Min(_sequentialFirst, piece);
    }

    // Keeps the list of those with open blocks that are wanted.
    private void Relist(PieceDownload download)
    {
        bool listed = download.OpenCount > 0 && PriorityOf(download.Piece) != FilePriority.Skip;
        if (listed == download.OpenIndex >= 0)
            return;

        if (!listed)
        {
            Unlist(download);
            return;
        }

        download.OpenIndex = _openPartials.Count;
        _openPartials.Add(download);
    }

    private void Unlist(PieceDownload download)
    {
        PieceDownload last = _openPartials[^1];
        _openPartials[download.OpenIndex] = last;
        last.OpenIndex = download.OpenIndex;
        _openPartials.RemoveAt(_openPartials.Count - 1);
        download.OpenIndex = -1;
    }

    private void CountWanted(int piece, int change)
    {
        WantedBytes += (long)change * Geometry.LengthOf(piece);
        if (Have[piece])
            WantedHaveBytes += (long)change * Geometry.LengthOf(piece);
        else
            CountMissingAtPeers(piece, change);
    }

    private void CountMissing(int piece, int change)
    {
        WantedHaveBytes -= (long)change * Geometry.LengthOf(piece);
        CountMissingAtPeers(piece, change);
    }

    private void CountMissingAtPeers(int piece, int change)
    {
        if (change > 0)
            _wanted.Add(piece);
        else
            _wanted.Remove(piece);

        foreach (PickerPeer peer in _peers)
        {
            if (peer.Has(piece))
                peer.WantedCount += change;
        }
    }

    private long ReceivedBytesOf(PieceDownload download)
    {
        if (download.ReceivedCount == download.BlockCount)
            return Geometry.FetchedLengthOf(download.Piece);

        long bytes = 0;
        for (int block = 0; block < download.BlockCount; block++)
        {
            if (download.IsReceived(block))
                bytes += Geometry.BlockLengthOf(download.Piece, block);
        }

        return bytes;
    }
}
