namespace OurTorrent.Protocol.Trackers;

/// <summary>Why a client announces (BEP 3); the numbers are those of the UDP form (BEP 15).</summary>
public enum AnnounceEvent
{
    /// <summary>Nothing special: the interval is over.</summary>
    None = 0,

    /// <summary>The download has just become complete.</summary>
    Completed = 1,

    /// <summary>The first announce of this run.</summary>
    Started = 2,

    /// <summary>The last announce of this run.</summary>
    Stopped = 3,

    /// <summary>The client is incomplete and wants nothing more (BEP 21). UDP has no number for it and is told <see cref="None"/>.</summary>
    Paused = 4,
}
