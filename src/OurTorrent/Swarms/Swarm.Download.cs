using System.Buffers.Binary;
using System.Net;
using OurTorrent.Bandwidth;
using OurTorrent.Engines;
using OurTorrent.Loop;
using OurTorrent.Peers;
using OurTorrent.Pieces;
using OurTorrent.Protocol.Peers;
using OurTorrent.Storage;

namespace OurTorrent.Swarms;

/// <summary>The way of a block in: asked for, received, handed to the store, verified, told to others.</summary>
internal sealed partial class Swarm
{
    // A fourth of the window at the most, so that the peer never runs dry.
    private const int WorthwhileBatch = 64;

    /// <summary>How much is read at once where a rate is limited.</summary>
    private const int LimitedRead = 32 * 1024;

    /// <summary>
    /// After this many rejected requests that were not choke's doing within one second, a peer is not asked again until the
    /// next; otherwise asking and refusing would go round as fast as the network is.
    /// </summary>
    private const int MaxRejectsPerTick = 50;

    /// <summary>
    /// After this many pieces in a row that could not be written the torrent gives up. One that fails now and then is fetched again;
    /// a disk that has gone fails these within a moment.
    /// </summary>
    private const int MaxPiecesUnwritten = 5;

    private readonly RateMeter _downloaded = new();
    private readonly List<PeerConnection> _waitingForDownload = [];
    private readonly List<PeerConnection> _waitingForRoom = [];
    private readonly SmartBan _smartBan = new();
    private LoopTimer? _downloadTimer;
    private long _wasted;
    private int _piecesUnwritten;
    private bool _blocksAbandoned;
    private bool _interestChanged;

    /// <summary>Content received a second.</summary>
    public long DownloadRate => _downloaded.Rate(_engine.Loop.Now);

    /// <summary>Content received in this session.</summary>
    public long SessionDownloaded => _downloaded.Total;

    /// <summary>How much may be read from a peer's socket now; 0 has it wait, and it is told when it may go on.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="restOfBlock">What is still to come of a block that has begun to arrive: its buffer is taken already, so it is not held up.</param>
    /// <param name="wanted">How much it would read.</param>
    public int AllowedToReceive(PeerConnection peer, int restOfBlock, int wanted)
    {
        if (peer.Picker.Outstanding.Count > 0)
        {
            long room = restOfBlock + ((long)Math.Max(0, _engine.Pool.Capacity - _engine.Pool.InUse) * BlockRequest.BlockSize);
            if (room == 0)
            {
                _waitingForRoom.Add(peer);
                return 0;
            }

            wanted = (int)Math.Min(wanted, room);
        }

        if (_downloadLimiter.IsUnlimited)
            return wanted;

        // A little at a time, so that the peers come in turn.
        TimeSpan now = _engine.Loop.Now;
        var allowed = (int)_downloadLimiter.Take(now, Math.Min(wanted, LimitedRead));
        if (allowed == 0)
            WaitForDownload(peer, now);
        return allowed;
    }

    /// <summary>A read brought less than was allowed.</summary>
    public void NotReceived(int bytes)
    {
        if (bytes > 0 && !_downloadLimiter.IsUnlimited)
            _downloadLimiter.Return(bytes);
    }

    /// <summary>There is room for blocks again.</summary>
    public void OnBuffersFreed()
    {
        foreach (PeerConnection peer in _waitingForRoom)
        {
            peer.Window.Excuse(_engine.Loop.Now);
            peer.ResumeRead();
        }

        _waitingForRoom.Clear();
    }

    /// <summary>A block begins to arrive.</summary>
    /// <returns>Where to put it; null when it is of no use and is let pass.</returns>
    public BlockBuffer? BlockBegins(PeerConnection peer, BlockRequest request)
    {
        if (!Geometry.TryGetBlock(request, out int block))
        {
            peer.Close(PeerCloseReason.UnrequestedBlock, request.ToString());
            return null;
        }

        if (peer.Picker.Outstanding.IndexOf(request.Piece, block) >= 0)
        {
            BlockBuffer buffer = _engine.Pool.Rent();
            buffer.Length = request.Length;
            return buffer;
        }

        if (peer.LateBlocksExpected == 0)
        {
            peer.Close(PeerCloseReason.UnrequestedBlock, request.ToString());
            return null;
        }

        // It was on its way when we gave it up.
        peer.LateBlocksExpected--;
        return null;
    }

    /// <summary>A block has arrived.</summary>
    public void BlockEnds(PeerConnection peer, BlockRequest request, BlockBuffer? buffer)
    {
        TimeSpan now = _engine.Loop.Now;
        _downloaded.Add(now, request.Length);
        if (buffer is null)
        {
            _wasted += request.Length;
            return;
        }

        peer.Refuses = false;
        ReceiveResult result = Picker.Received(peer.Picker, request);
        peer.Window.Received(now, request.Length, peer.Picker.Outstanding.Count);
        peer.Choking.LastBlockAt = now;
        if (peer.Picker.IsSnubbed)
            Picker.SetSnubbed(peer.Picker, snubbed: false);
        if (result != ReceiveResult.Accepted)
        {
            // Given up while it was arriving, and expected since.
            if (peer.LateBlocksExpected > 0)
                peer.LateBlocksExpected--;
            _wasted += request.Length;
            buffer.Release();
            return;
        }

        foreach (PickerPeer other in Picker.AlsoAsked)
            ((PeerConnection)other.Tag!).SendCancel(request);
        _store!.AddBlock(request.Piece, request.Offset / BlockRequest.BlockSize, buffer);
    }

    /// <summary>
    /// Everything that had come from a peer has been looked at: more is asked for. What concerns all peers is done here, once, and not
    /// for each message, of which a hostile peer can send a hundred thousand in one read.
    /// </summary>
    public void InputProcessed(PeerConnection peer)
    {
        if (_interestChanged)
            Choke();
        if (_blocksAbandoned)
        {
            _blocksAbandoned = false;
            RefillAll();
        }
        else
        {
            Refill(peer);
        }
    }

    /// <summary>A peer serves us no longer.</summary>
    public void PeerChoked(PeerConnection peer)
    {
        Picker.Unreserve(peer.Picker);

        // With the Fast extension each request is refused by itself (BEP 6); without it a choke drops them all (BEP 3).
        if (peer.IsFast)
            return;

        peer.LateBlocksExpected += peer.Picker.Outstanding.Count;
        Picker.AbandonAll(peer.Picker);
        peer.Window.Reset();
        _blocksAbandoned = true;
    }

    /// <summary>A peer refuses a request (BEP 6).</summary>
    public void PeerRejects(PeerConnection peer, BlockRequest request)
    {
        if (Picker.Abandon(peer.Picker, request))
        {
            // Those that a choke brings are no reproach. A piece it had allowed all the same is not asked for again.
            if (!peer.IsChoking)
            {
                peer.RejectsThisTick++;
                peer.Refuses = true;
            }
            else if (peer.Picker.RemoveAllowedFast(request.Piece))
            {
                peer.RejectsThisTick++;
            }

            peer.Window.Dropped(peer.Picker.Outstanding.Count);
            _blocksAbandoned = true;
        }
        else if (peer.LateBlocksExpected > 0)
        {
            peer.LateBlocksExpected--;
        }
    }

    /// <summary>A peer lets us ask for a piece while it chokes us (BEP 6).</summary>
    public void PeerAllowsFast(PeerConnection peer, int piece)
    {
        peer.Picker.AddAllowedFast(piece);
        UpdateInterest(peer);
    }

    /// <inheritdoc/>
    public void OnPieceDone(int piece, bool good)
    {
        _piecesUnwritten = 0;
        if (good)
            PieceVerified(piece);
        else
            PieceFailed(piece);
    }

    /// <inheritdoc/>
    public void OnStorageFailed(int piece, StorageException failure)
    {
        DropBlocks(piece);
        if (failure.Kind is StorageFailure.WriteFailed or StorageFailure.ReadFailed && ++_piecesUnwritten < MaxPiecesUnwritten)
        {
            Log.PieceNotWritten(_engine.Logger, Metainfo.Name, piece, failure.Message);
            RefillAll();
            return;
        }

        Fail(failure, TorrentErrorKind.CannotWrite);
    }

    /// <summary>What has come of a piece is worth nothing.</summary>
    private void DropBlocks(int piece)
    {
        long before = Picker.PartialBytes;
        Picker.PieceDone(piece, good: false);
        _wasted += before - Picker.PartialBytes;
    }

    private void PieceVerified(int piece)
    {
        Picker.PieceDone(piece, good: true);
        _resume!.Verified(piece);
        CountPiece(piece);
        if (_smartBan.Awaits(piece))
            AskWhoDiffers(piece);
        PieceCompleted?.Invoke(piece);

        foreach (PeerConnection peer in _peers)
        {
            // Also to who has it already: a seeder shows its user how far the others are.
            if (peer.IsOpen)
                peer.SendHave(piece);
        }

        if (!_readers.IsEmpty)
        {
            _readers.Arrived(piece);
            HurryReaders();
        }

        if (Picker.IsComplete)
            UpdateCompletion();
    }

    private void PieceFailed(int piece)
    {
        Log.PieceFailed(_engine.Logger, Metainfo.Name, piece);
        var senders = new IPAddress?[Geometry.BlockCountOf(piece)];
        for (int block = 0; block < senders.Length; block++)
            senders[block] = (Picker.OwnerOf(piece, block)?.Tag as PeerConnection)?.EndPoint.Address;
        DropBlocks(piece);
        _store!.HashBlocks(piece, (digests, _) => KeepEvidence(piece, senders, digests));
        if (senders.Distinct().Skip(1).Any() && ChooseWitness(piece, senders) is { } witness)
            Picker.Reserve(piece, witness.Picker);
        RefillAll();
    }

    /// <summary>
    /// Who is to send a piece alone that failed as the work of several: as long as the false peer has a share in every attempt,
    /// none succeeds, and nobody is found out. Somebody who had no part in it, if there is one.
    /// </summary>
    private PeerConnection? ChooseWitness(int piece, IPAddress?[] senders)
    {
        PeerConnection? best = null;
        bool isBestClean = false;
        foreach (PeerConnection peer in _peers)
        {
            if (!peer.IsOpen || peer.IsChoking || !peer.AmInterested || peer.Picker.IsSnubbed || !peer.Picker.Has(piece))
                continue;

            bool isClean = !senders.Contains(peer.EndPoint.Address);
            if (best is null || (isClean && !isBestClean) || (isClean == isBestClean && peer.Picker.Rate > best.Picker.Rate))
            {
                best = peer;
                isBestClean = isClean;
            }
        }

        return best;
    }

    private void KeepEvidence(int piece, IPAddress?[] senders, byte[]? digests)
    {
        if (digests is null)
            return;

        var evidence = new List<BlockEvidence>(senders.Length);
        for (int block = 0; block < senders.Length; block++)
        {
            if (senders[block] is { } sender)
                evidence.Add(new BlockEvidence(block, sender, DigestAt(digests, block)));
        }

        if (_smartBan.Failed(piece, evidence) is { } alone && evidence.Count == senders.Length)
            Ban(alone);
    }

    private void AskWhoDiffers(int piece) => _store!.HashBlocks(piece, (digests, _) => BanWhoDiffers(piece, digests));

    private void BanWhoDiffers(int piece, byte[]? digests)
    {
        if (digests is null)
            return;

        var good = new UInt128[Geometry.BlockCountOf(piece)];
        for (int block = 0; block < good.Length; block++)
            good[block] = DigestAt(digests, block);
        var guilty = new List<IPAddress>();
        _smartBan.Passed(piece, good, guilty);
        foreach (IPAddress address in guilty)
            Ban(address);
    }

    private static UInt128 DigestAt(byte[] digests, int block) =>
        BinaryPrimitives.ReadUInt128BigEndian(digests.AsSpan(block * ContentStore.BlockDigestLength));

    private void Ban(IPAddress address)
    {
        // Found out by its own work and again by that of several.
        if (_peerList.IsBanned(address))
            return;

        Log.PeerBanned(_engine.Logger, Metainfo.Name, address);
        _peerList.Ban(address);
        foreach (PeerConnection peer in _peers.ToArray())
        {
            if (peer.EndPoint.Address.Equals(address))
                peer.Close(PeerCloseReason.Banned);
        }
    }

    /// <summary>Asks a peer for as much as it can have under way.</summary>
    private void Refill(PeerConnection peer)
    {
        if (!peer.IsOpen || !peer.AmInterested || State != TorrentState.Downloading)
            return;
        if (peer.RejectsThisTick > MaxRejectsPerTick || (peer.IsChoking && peer.Picker.AllowedFast.Count == 0))
            return;

        int outstanding = peer.Picker.Outstanding.Count;
        int room = peer.Window.Size - outstanding;

        // Many at a time rather than one for one: each batch costs a system call here and one there.
        if (room <= 0 || (outstanding > 0 && room < Math.Min(WorthwhileBatch, peer.Window.Size / 4)))
            return;

        Span<BlockRequest> batch = _engine.RequestBatch;
        while (room > 0)
        {
            int picked = Picker.Pick(peer.Picker, batch[..Math.Min(room, batch.Length)], peer.IsChoking);
            if (picked == 0)
                break;

            peer.SendRequests(batch[..picked]);
            room -= picked;
        }

        peer.Window.Sent(_engine.Loop.Now, peer.Picker.Outstanding.Count);
    }

    private void RefillAll()
    {
        // By index: asking can close nobody, but is called where others have just left. Those that refuse come last: what they gave
        // back would else go to them again, round after round, and the others never see it.
        for (int i = 0; i < _peers.Count; i++)
        {
            if (!_peers[i].Refuses)
                Refill(_peers[i]);
        }

        for (int i = 0; i < _peers.Count; i++)
        {
            if (_peers[i].Refuses)
                Refill(_peers[i]);
        }
    }

    /// <summary>Once a second: looks whether the peer keeps us waiting, and asks again where nothing triggered it.</summary>
    private void TickDownload(PeerConnection peer)
    {
        TimeSpan now = _engine.Loop.Now;
        peer.RejectsThisTick = 0;
        peer.Picker.Rate = peer.Window.RateAt(now) is var rate and > 0 ? rate : peer.Downloaded.Rate(now);
        if (peer.Window.HasTimedOut(now))
        {
            peer.LateBlocksExpected += peer.Picker.Outstanding.Count;
            Picker.AbandonAll(peer.Picker);
            peer.Window.Dropped(0);
            RefillAll();
        }
        else if (!peer.Picker.IsSnubbed && peer.Window.IsSnubbed(now))
        {
            // What others are now asked for instead may be taken from it without a word, and still arrive.
            peer.LateBlocksExpected += peer.Picker.Outstanding.Count;
            Picker.SetSnubbed(peer.Picker, snubbed: true);
            RefillAll();
        }

        if (peer.AmInterested && peer.Picker.Outstanding.Count == 0)
            UpdateInterest(peer);
        else
            Refill(peer);
    }

    private void WaitForDownload(PeerConnection peer, TimeSpan now)
    {
        if (!_waitingForDownload.Contains(peer))
            _waitingForDownload.Add(peer);
        _downloadTimer ??= _engine.Loop.CreateTimer(ResumeDownloads);
        if (_downloadTimer.Due is null && _downloadLimiter.NextAvailable(now) is { } next)
            _downloadTimer.Set(next - now);
        else if (_downloadTimer.Due is null)
            _downloadTimer.Set(TimeSpan.Zero);
    }

    private void ResumeDownloads()
    {
        // Those who waited read again, oldest first; who finds nothing left waits at the end of the row.
        PeerConnection[] waiting = [.. _waitingForDownload];
        _waitingForDownload.Clear();
        foreach (PeerConnection peer in waiting)
        {
            peer.Window.Excuse(_engine.Loop.Now);
            peer.ResumeRead();
        }
    }
}
