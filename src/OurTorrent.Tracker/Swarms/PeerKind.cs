namespace OurTorrent.Tracker.Swarms;

/// <summary>What a peer is to its swarm.</summary>
internal enum PeerKind
{
    /// <summary>Not there any more.</summary>
    Gone = 0,

    /// <summary>Downloading.</summary>
    Leecher = 1,

    /// <summary>Incomplete, and wanting nothing more (BEP 21).</summary>
    PartialSeed = 2,

    /// <summary>Complete.</summary>
    Seeder = 3,
}
