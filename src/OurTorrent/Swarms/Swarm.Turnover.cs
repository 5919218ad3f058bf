using OurTorrent.Peers;

namespace OurTorrent.Swarms;

/// <summary>Where every place is taken, those of no use give theirs to others.</summary>
internal sealed partial class Swarm
{
    /// <summary>One place is given away in this time, so that a crowd that all waits for its turn is not stirred up for nothing.</summary>
    private static readonly TimeSpan TurnoverInterval = TimeSpan.FromSeconds(10);

    /// <summary>A peer that takes requests and answers none is of no use after this time.</summary>
    private static readonly TimeSpan PatienceWithSilent = TimeSpan.FromMinutes(1);

    /// <summary>A peer that exchanges nothing with us may yet choose us; after this time it is of no use.</summary>
    private static readonly TimeSpan PatienceWithIdle = TimeSpan.FromMinutes(5);

    private TimeSpan _turnoverAt;

    /// <summary>
    /// Leaves the peer that has been of no use for longest, if all places are taken and others are known that could be tried: peers
    /// that only sit there, by chance or on purpose, must not keep us from those that serve.
    /// </summary>
    private void TurnOver()
    {
        TimeSpan now = _engine.Loop.Now;
        if (State != TorrentState.Downloading || now < _turnoverAt || (WantsPeers && _engine.Connections < _engine.Options.MaxPeers))
            return;

        _turnoverAt = now + TurnoverInterval;
        if (!(_peerList.NextDue() <= now))
            return;

        PeerConnection? idlest = null;
        foreach (PeerConnection peer in _peers)
        {
            if (IsOfNoUse(peer, now) && (idlest is null || LastUse(peer) < LastUse(idlest)))
                idlest = peer;
        }

        idlest?.Close(PeerCloseReason.NoUse);
    }

    private static bool IsOfNoUse(PeerConnection peer, TimeSpan now) =>
        peer.IsOpen && peer.Uploaded.Rate(now) == 0 && now - LastUse(peer) >= (peer.Picker.IsSnubbed ? PatienceWithSilent : PatienceWithIdle);

    private static TimeSpan LastUse(PeerConnection peer) => peer.Choking.LastBlockAt ?? peer.Choking.ConnectedAt;
}
