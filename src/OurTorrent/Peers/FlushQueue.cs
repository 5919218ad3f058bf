using OurTorrent.Loop;

namespace OurTorrent.Peers;

/// <summary>
/// Gathers what peers have to send, so that it leaves in batches: requests and blocks at the end of a turn of the loop, and
/// what can wait a little (<c>have</c>) with them or some time later.
/// </summary>
internal sealed class FlushQueue
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly List<PeerConnection> _now = [];
    private readonly List<PeerConnection> _later = [];
    private readonly LoopTimer _timer;

    /// <summary>Makes a queue that is emptied at the end of each turn of a loop.</summary>
    public FlushQueue(EngineLoop loop)
    {
        _timer = loop.CreateTimer(FlushLater);
        loop.TurnEnding = FlushNow;
    }

    /// <summary>Has a peer's messages sent at the end of this turn.</summary>
    public void Now(PeerConnection peer)
    {
        if (peer.FlushState == FlushState.Now)
            return;

        peer.FlushState = FlushState.Now;
        _now.Add(peer);
    }

    /// <summary>Has a peer's messages sent within a tenth of a second.</summary>
    public void Later(PeerConnection peer)
    {
        if (peer.FlushState != FlushState.None)
            return;

        peer.FlushState = FlushState.Later;
        _later.Add(peer);
        if (_timer.Due is null)
            _timer.Set(Patience);
    }

    private void FlushNow()
    {
        // A flush can close a peer, but never asks for another flush in the same turn.
        for (int i = 0; i < _now.Count; i++)
        {
            PeerConnection peer = _now[i];
            peer.FlushState = FlushState.None;
            peer.Flush();
        }

        _now.Clear();
    }

    private void FlushLater()
    {
        foreach (PeerConnection peer in _later)
        {
            if (peer.FlushState == FlushState.Later)
            {
                peer.FlushState = FlushState.None;
                Now(peer);
            }
        }

        _later.Clear();
    }
}

/// <summary>When a peer's messages are sent.</summary>
internal enum FlushState : byte
{
    /// <summary>There are none.</summary>
    None,

    /// <summary>Soon.</summary>
    Later,

    /// <summary>At the end of this turn.</summary>
    Now,
}
