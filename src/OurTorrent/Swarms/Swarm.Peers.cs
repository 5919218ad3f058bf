using System.Net;
using OurTorrent.Loop;
using OurTorrent.Peers;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Swarms;

/// <summary>Who is connected, who is to be, and what they have said.</summary>
internal sealed partial class Swarm
{
    /// <summary>How many connections are begun a second at the most, so that a long list of dead peers is no storm.</summary>
    private const int MaxConnectsPerTick = 30;

    /// <summary>A connection that carried content and held so long is not held against the peer, however it ended.</summary>
    private static readonly TimeSpan LongService = TimeSpan.FromMinutes(10);

    private readonly List<PeerConnection> _peers = [];
    private readonly PeerList _peerList;
    private int _connectsThisTick;
    private LoopTimer? _dialTimer;
    private IPAddress? _ownAddress;

    /// <summary>Peers that have shaken hands.</summary>
    public int OpenPeers { get; private set; }

    private bool WantsPeers => _peers.Count < _options.MaxPeers;

    /// <summary>Makes a peer known and connects to it when there is room.</summary>
    public void AddPeer(IPEndPoint endPoint, PeerSource source)
    {
        // Whoever names a peer by hand wants it tried now, however it went before.
        if (_peerList.Add(endPoint, source) is { } candidate && source == PeerSource.Given)
            candidate.NotBefore = _engine.Loop.Now;
        ConnectPeers();
        _engine.Wake(this);
    }

    /// <summary>Says whether a peer that has shaken hands may stay.</summary>
    /// <returns>Why not, or <see cref="PeerCloseReason.None"/>.</returns>
    public PeerCloseReason Admit(PeerConnection peer)
    {
        if (peer.PeerId == _engine.PeerId)
        {
            MarkSelf(peer);
            return PeerCloseReason.Self;
        }

        if (_peerList.IsBanned(peer.EndPoint.Address))
            return PeerCloseReason.Banned;

        if (FindDuplicate(peer) is { } duplicate)
        {
            if (!ShouldReplace(duplicate, peer))
                return PeerCloseReason.Duplicate;

            duplicate.Close(PeerCloseReason.Duplicate);
        }

        if (!peer.IsIncoming)
            return PeerCloseReason.None;

        if (_peers.Count >= _options.MaxPeers)
            return PeerCloseReason.TooManyPeers;

        _peers.Add(peer);
        _engine.Wake(this);
        return PeerCloseReason.None;
    }

    /// <summary>A peer has shaken hands.</summary>
    public void PeerOpened(PeerConnection peer)
    {
        OpenPeers++;
        Picker.PeerJoined(peer.Picker);
        if (peer.Candidate is { } candidate)
            _peerList.Connected(candidate);

        // Who comes first finds room. In a crowd the line is better used for pieces that few have, one after the other, than for
        // ten of everybody at once.
        if (peer.IsFast && !Have.IsEmpty && OpenPeers <= _choker.Slots)
            AllowFast(peer);
    }

    /// <summary>A peer's connection has ended.</summary>
    public void PeerClosed(PeerConnection peer, bool wasOpen)
    {
        if (!_peers.Remove(peer))
            return;

        if (wasOpen)
        {
            OpenPeers--;
            Picker.PeerLeft(peer.Picker);
        }

        _waitingForDownload.Remove(peer);
        _waitingForUpload.Remove(peer);
        _waitingForRoom.Remove(peer);
        if (peer.Candidate is { } candidate)
            Release(candidate, peer, wasOpen);

        if (!AcceptsPeers)
            return;

        if (wasOpen)
        {
            // What it was asked for is asked of others, and its slot goes to another.
            RefillAll();
            Choke();
        }
        else
        {
            ConnectPeers();
        }
    }

    /// <summary>A peer has sent its extension handshake (BEP 10).</summary>
    public void PeerIntroduced(PeerConnection peer, ExtensionHandshake handshake)
    {
        LearnOwnAddress(handshake.YourAddress);

        // It is connected already: known where it listens, it is not dialled as well.
        if (peer.IsIncoming && peer.Candidate is null && handshake.ListenPort is { } port and > 0
            && _peerList.Add(new IPEndPoint(peer.EndPoint.Address, port), PeerSource.Incoming) is { IsInUse: false } candidate)
        {
            peer.Candidate = candidate;
            _peerList.Connected(candidate);
        }

        LeaveIfUseless(peer);
    }

    /// <summary>A peer has one piece more.</summary>
    public void PeerHas(PeerConnection peer, int piece)
    {
        bool wasSeed = peer.Picker.IsSeed;
        Picker.PeerHas(peer.Picker, piece);
        if (peer.Picker.IsSeed)
        {
            if (!wasSeed)
                PeerCompleted?.Invoke(peer);
            LeaveIfUseless(peer);
            if (peer.CloseReason != PeerCloseReason.None)
                return;
        }

        if (!peer.AmInterested && !Have[piece])
            UpdateInterest(peer);
    }

    /// <summary>A peer has told everything it has.</summary>
    public void PeerHasAll(PeerConnection peer, Bitfield pieces)
    {
        if (pieces.IsFull)
            Picker.PeerBecameSeed(peer.Picker);
        else
            Picker.PeerHas(peer.Picker, pieces);
        LeaveIfUseless(peer);
        if (peer.CloseReason == PeerCloseReason.None)
            UpdateInterest(peer);
    }

    /// <summary>A peer wants something of us, or no longer.</summary>
    public void PeerInterestChanged(PeerConnection peer)
    {
        if (peer.IsInterested || !peer.AmChoking)
            _interestChanged = true;
    }

    private static bool IsFault(PeerCloseReason reason) => reason
        is PeerCloseReason.ProtocolError or PeerCloseReason.UnrequestedBlock or PeerCloseReason.NotBitTorrent
        or PeerCloseReason.WrongInfoHash or PeerCloseReason.HandshakeTimeout or PeerCloseReason.Inactive;

    private void TickPeers()
    {
        _connectsThisTick = 0;
        // From the end: one that closes takes itself out, and those that are dialled for it come behind.
        for (int i = _peers.Count - 1; i >= 0; i--)
        {
            PeerConnection peer = _peers[i];
            peer.Tick();
            if (peer.IsOpen)
                TickDownload(peer);
        }

        TurnOver();
        ConnectPeers();
        TickSlots();
        if (OpenPeers == 0 && State == TorrentState.Downloading && Metainfo.Trackers.Count > 0)
            _announcer.NeedPeers();
        if (!_readers.IsEmpty)
            HurryReaders();
    }

    /// <summary>
    /// Our address as others see it decides whom we would rather dial (BEP 40). Who tells us a wrong one changes the order
    /// in which we dial, and nothing else; so the first word is taken, and a tracker's over a peer's.
    /// </summary>
    private void LearnOwnAddress(IPAddress? said)
    {
        IPAddress? address = _announcer.ExternalAddress ?? _ownAddress ?? said;
        if (address is null || address.Equals(_ownAddress))
            return;

        _ownAddress = address;
        var own = new IPEndPoint(address, _engine.ListenPort);
        _peerList.SetPriority(peer => CanonicalPeerPriority.Compute(own, peer));
    }

    private PeerConnection? FindDuplicate(PeerConnection peer)
    {
        foreach (PeerConnection other in _peers)
        {
            if (other != peer && other.IsOpen && (other.PeerId == peer.PeerId
                || (!_engine.Options.AllowSeveralPeersPerAddress && other.EndPoint.Address.Equals(peer.EndPoint.Address))))
            {
                return other;
            }
        }

        return null;
    }

    /// <summary>
    /// Two peers that dial each other at once have two connections, and if each closed one at will, none might be left. So both
    /// keep the one that the greater of the two ids has dialled.
    /// </summary>
    private bool ShouldReplace(PeerConnection open, PeerConnection other) =>
        open.PeerId == other.PeerId && open.IsIncoming != other.IsIncoming && open.IsNew
        && other.IsIncoming == _engine.PeerId.Span.SequenceCompareTo(other.PeerId.Span) < 0;

    private void MarkSelf(PeerConnection peer)
    {
        if (!peer.IsIncoming)
        {
            _peerList.MarkSelf(peer.EndPoint);
            return;
        }

        // The end that dialled is ours too, and only there is the address known that led to us.
        foreach (PeerConnection dialled in _peers)
        {
            if (!dialled.IsIncoming && peer.EndPoint.Equals(dialled.LocalEndPoint))
            {
                _peerList.MarkSelf(dialled.EndPoint);
                dialled.Close(PeerCloseReason.Self);
                return;
            }
        }
    }

    private void Release(PeerCandidate candidate, PeerConnection peer, bool wasOpen)
    {
        TimeSpan now = _engine.Loop.Now;
        PeerCloseReason reason = peer.CloseReason;
        bool hasServed = peer.Downloaded.Total + peer.Uploaded.Total > 0;
        bool isUseless = reason switch
        {
            PeerCloseReason.BothComplete => !candidate.IsSeed,
            PeerCloseReason.NoUse => true,
            PeerCloseReason.ClosedByPeer or PeerCloseReason.Broken => !hasServed,
            _ => false,
        };

        // A long time of good service is not undone by how it ended; what is, is a block or two before the next fault.
        if (!wasOpen || (IsFault(reason) && !(hasServed && peer.Age >= LongService)) || isUseless)
            _peerList.Failed(candidate, now);
        else
            _peerList.Disconnected(candidate, now);

        // It was we who left, for a reason that may be gone at any moment: a torrent started again, a file wanted after all.
        if (reason == PeerCloseReason.Stopping || (reason == PeerCloseReason.BothComplete && candidate.IsSeed))
            candidate.NotBefore = now;
    }

    private void ConnectPeers()
    {
        TimeSpan now = _engine.Loop.Now;
        _peerList.SkipSeeds = IsUploadOnly;
        while (AcceptsPeers && WantsPeers && _engine.CanConnect && _connectsThisTick < MaxConnectsPerTick
            && _peerList.Next(now) is { } candidate)
        {
            _connectsThisTick++;
            var peer = new PeerConnection(_engine, candidate.EndPoint, this) { Candidate = candidate };
            _peers.Add(peer);
            peer.Connect();
        }
    }

    /// <summary>Whether a peer could be dialled now; if one can be later, the torrent is woken for it.</summary>
    private bool IsDialling()
    {
        if (_peerList.NextDue() is not { } due)
            return false;

        TimeSpan wait = due - _engine.Loop.Now;
        if (wait <= TimeSpan.Zero)
            return true;

        _dialTimer ??= _engine.Loop.CreateTimer(() => _engine.Wake(this));
        _dialTimer.Set(wait);
        return false;
    }

    private void UpdateInterest(PeerConnection peer)
    {
        if (!peer.IsOpen)
            return;

        bool interested = !_options.SeedOnly && Picker.IsInteresting(peer.Picker);
        peer.SetInterested(interested);
        if (interested)
            Refill(peer);
    }

    private void LeaveSeeds()
    {
        foreach (PeerConnection peer in _peers.ToArray())
        {
            if (peer.IsOpen)
            {
                UpdateInterest(peer);
                LeaveIfUseless(peer);
            }
        }
    }

    private void LeaveIfUseless(PeerConnection peer)
    {
        if (IsUploadOnly && (peer.Picker.IsSeed || peer.IsUploadOnly))
        {
            if (peer.Candidate is { } candidate)
                candidate.IsSeed = peer.Picker.IsSeed;
            peer.Close(PeerCloseReason.BothComplete);
        }
    }

    private void AllowFast(PeerConnection peer)
    {
        Span<int> pieces = stackalloc int[AllowedFastSet.DefaultCount];
        int count = AllowedFastSet.Compute(peer.EndPoint.Address, InfoHash, PieceCount, pieces);
        foreach (int piece in pieces[..count])
        {
            if (Have[piece] && !peer.Picker.Has(piece))
            {
                peer.Uploads.AllowedFast.Add(piece);
                peer.SendAllowedFast(piece);
            }
        }
    }
}
