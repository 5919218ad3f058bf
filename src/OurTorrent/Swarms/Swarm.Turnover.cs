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
    private bool _hasPlaceToGive;

    /// <summary>
    /// Leaves the peer that has been of no use for longest, if all places are taken and others are known that could be tried: peers
    /// that only sit there, by chance or on purpose, must not keep us from those that serve. Where no others are known, the trackers
    /// are asked for some.
    /// </summary>
    private void TurnOver()
    {
        TimeSpan now = _engine.Loop.Now;
        if (now < _turnoverAt)
            return;

        _turnoverAt = now + TurnoverInterval;
        _hasPlaceToGive = false;
        if (State != TorrentState.Downloading || (WantsPeers && _engine.Connections < _engine.Options.MaxPeers))
            return;

        PeerConnection? idlest = null;
        foreach (PeerConnection peer in _peers)
        {
            if (IsOfNoUse(peer, now) && (idlest is null || LastUse(peer) < LastUse(idlest)))
                idlest = peer;
        }

        if (idlest is null)
            return;

        if (_peerList.NextDue() <= now)
        {
            idlest.Close(PeerCloseReason.NoUse);
            return;
        }

        _hasPlaceToGive = true;
        _announcer.NeedPeers();
    }

    // Who has nothing to give yet is of use as long as it takes; who only takes is not.
    private static bool IsOfNoUse(PeerConnection peer, TimeSpan now) =>
        peer.IsOpen && (peer.AmInterested || peer.Uploaded.Rate(now) == 0)
        && now - LastUse(peer) >= (peer.Picker.IsSnubbed ? PatienceWithSilent : PatienceWithIdle);

    private static TimeSpan LastUse(PeerConnection peer) => peer.Choking.LastBlockAt ?? peer.Choking.ConnectedAt;
}
