using OurTorrent.Bandwidth;
using OurTorrent.Loop;
using OurTorrent.Peers;
using OurTorrent.Protocol.Peers;
using OurTorrent.Storage;

namespace OurTorrent.Swarms;

/// <summary>The way of a block out: asked for, read, sent; and who may ask.</summary>
internal sealed partial class Swarm
{
    /// <summary>How much content a peer has at least on its way from the disk to its socket, so that the socket never waits.</summary>
    private const int MinInFlight = 256 * 1024;

    private const int MaxInFlight = 2 * 1024 * 1024;

    /// <summary>After this many requests in a row whose block could not be read the torrent gives up; a bad sector alone refuses just what lies there.</summary>
    private const int MaxReadsFailed = 50;

    private readonly RateMeter _uploaded = new();
    private readonly List<PeerConnection> _waitingForUpload = [];
    private readonly List<ChokerPeer> _choking = [];
    private readonly Choker _choker;
    private LoopTimer? _uploadTimer;
    private int _readsFailed;

    /// <summary>Content sent a second.</summary>
    public long UploadRate => _uploaded.Rate(_engine.Loop.Now);

    /// <summary>Content sent in this session.</summary>
    public long SessionUploaded => _uploaded.Total;

    /// <summary>A peer asks for a block.</summary>
    public void PeerRequests(PeerConnection peer, BlockRequest request)
    {
        if (!Geometry.Contains(request, BlockRequest.BlockSize))
        {
            peer.Close(PeerCloseReason.ProtocolError, $"asks for {request}");
            return;
        }

        bool allowed = !peer.AmChoking || (peer.Uploads.AllowedFast.Contains(request.Piece) && IsNewcomer(peer));
        if (!allowed || !Have[request.Piece] || !peer.Uploads.TryAdd(request))
        {
            if (peer.IsFast)
                peer.SendReject(request);
            return;
        }

        ServeUploads(peer);
    }

    /// <summary>Has blocks read for a peer, as far as its socket, and the rate limit, can take them.</summary>
    public void ServeUploads(PeerConnection peer)
    {
        if (_store is null || !AcceptsPeers)
            return;

        if (!_uploadLimiter.IsUnlimited)
        {
            if (TryNextUpload(peer, out _) && !_waitingForUpload.Contains(peer))
                _waitingForUpload.Add(peer);
            ServeInTurn();
            return;
        }

        while (TryNextUpload(peer, out BlockRequest request))
            Serve(peer, request);
    }

    /// <inheritdoc/>
    public void OnBlockRead(BlockRequest request, BlockBuffer buffer, ReadOnlyMemory<byte> data, object? state)
    {
        _readsFailed = 0;
        var peer = (PeerConnection)state!;
        peer.Uploads.Reading -= request.Length;
        if (!peer.IsOpen)
        {
            buffer.Release();
            return;
        }

        peer.SendBlock(request, data, buffer);
    }

    /// <inheritdoc/>
    public void OnReadFailed(BlockRequest request, StorageException failure, object? state)
    {
        var peer = (PeerConnection)state!;
        peer.Uploads.Reading -= request.Length;
        if (!AcceptsPeers)
            return;

        if (peer.IsOpen && peer.IsFast)
            peer.SendReject(request);
        if (failure.Kind != StorageFailure.ReadFailed || ++_readsFailed >= MaxReadsFailed)
            Fail(failure, TorrentErrorKind.CannotRead);
        else
            ServeUploads(peer);
    }

    /// <summary>Content has left for a peer.</summary>
    public void ContentSent(PeerConnection peer, int bytes)
    {
        TimeSpan now = _engine.Loop.Now;
        peer.Uploaded.Add(now, bytes);
        _uploaded.Add(now, bytes);
    }

    /// <summary>
    /// Whether a peer has so little that it may be served while it is choked. Who has ten pieces has something to trade with; a
    /// free rider could have a small torrent whole without ever being unchoked (BEP 6 leaves that to us).
    /// </summary>
    private static bool IsNewcomer(PeerConnection peer) =>
        !peer.Picker.IsSeed && (peer.Picker.Have?.Count ?? 0) < AllowedFastSet.DefaultCount;

    /// <summary>Once a second: ranks the peers when it is time, and opens slots as soon as the line proves to be good for more.</summary>
    private void TickSlots()
    {
        if (OpenPeers == 0)
            return;

        TimeSpan now = _engine.Loop.Now;
        int before = _choker.Slots;
        if (now < _choker.NextDue)
            FitSlots(now, mayShrink: false);
        if (now >= _choker.NextDue || _choker.Slots > before)
            Choke();
    }

    /// <summary>Has the number of slots follow what the line carries, unless it is set.</summary>
    private void FitSlots(TimeSpan now, bool mayShrink)
    {
        if (_options.UploadSlots is not null)
            return;

        int idle = 0;
        foreach (PeerConnection peer in _peers)
        {
            if (!peer.AmChoking && peer.IsInterested && peer.IsOpen && !peer.IsBeingServed)
                idle++;
        }

        int slots = Choker.SlotsFor(_uploaded.Rate(now), UploadLimitOf(_engine.Options, _options), idle);
        if (mayShrink || slots > _choker.Slots)
            _choker.Slots = slots;
    }

    /// <summary>Ranks the peers when it is time, else gives free slots away.</summary>
    private void Choke()
    {
        TimeSpan now = _engine.Loop.Now;
        _interestChanged = false;
        if (now >= _choker.NextDue)
            FitSlots(now, mayShrink: true);
        _choking.Clear();
        foreach (PeerConnection peer in _peers)
        {
            if (!peer.IsOpen)
                continue;

            ChokerPeer choking = peer.Choking;
            choking.IsInterested = peer.IsInterested;
            choking.DownloadRate = peer.Downloaded.Rate(now);
            choking.UploadRate = peer.Uploaded.Rate(now);
            choking.WantedSince = !peer.AmInterested ? null : choking.WantedSince ?? now;
            _choking.Add(choking);
        }

        foreach (ChokeChange change in _choker.Evaluate(now, _choking, IsUploadOnly))
            ((PeerConnection)change.Peer.Tag!).SetChoking(!change.Unchoke);
    }

    /// <summary>The next block a peer has asked for, if its socket has use for it now.</summary>
    private bool TryNextUpload(PeerConnection peer, out BlockRequest request)
    {
        request = default;
        int inFlight = (int)Math.Clamp(peer.Uploaded.Rate(_engine.Loop.Now) / 4, MinInFlight, MaxInFlight);
        return peer.IsOpen && peer.Uploads.Reading + peer.ContentQueued < inFlight && peer.Uploads.TryPeek(out request);
    }

    private void Serve(PeerConnection peer, BlockRequest request)
    {
        peer.Uploads.Dequeue();
        peer.Uploads.Reading += request.Length;
        _store!.Read(request, this, peer);
    }

    /// <summary>Under a rate limit the peers get a block each in turn, as long as there is something to give.</summary>
    private void ServeInTurn()
    {
        TimeSpan now = _engine.Loop.Now;
        while (_store is not null && _waitingForUpload.Count > 0)
        {
            PeerConnection peer = _waitingForUpload[0];
            if (!TryNextUpload(peer, out BlockRequest request))
            {
                _waitingForUpload.RemoveAt(0);
                continue;
            }

            if (_uploadLimiter.Take(now, request.Length) < request.Length)
            {
                _uploadTimer ??= _engine.Loop.CreateTimer(ServeInTurn);
                if (_uploadTimer.Due is null)
                    _uploadTimer.Set(_uploadLimiter.NextAvailable(now) is { } next ? next - now : TimeSpan.Zero);
                return;
            }

            _waitingForUpload.RemoveAt(0);
            _waitingForUpload.Add(peer);
            Serve(peer, request);
        }
    }
}
