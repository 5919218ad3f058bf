namespace OurTorrent.Tracker.Swarms;

/// <summary>What an announce has changed in its swarm.</summary>
public enum PeerChange
{
    /// <summary>Nothing but the time at which the peer was last heard of, if that.</summary>
    None,

    /// <summary>The peer is new to the swarm.</summary>
    Joined,

    /// <summary>The peer has become a seeder, and says that it has just completed its download.</summary>
    Completed,

    /// <summary>The peer has left.</summary>
    Left,
}
