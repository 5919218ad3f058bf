namespace OurTorrent.Tracker.Swarms;

/// <summary>Whether the swarms have taken note of a peer.</summary>
public enum AnnounceStatus
{
    /// <summary>They have.</summary>
    Accepted,

    /// <summary>The swarm is new and there are as many as there may be; the peer is not noted.</summary>
    TooManyTorrents,

    /// <summary>The peer is new and its swarm has as many peers as it may have; it is given peers, but is not noted.</summary>
    TooManyPeers,
}
