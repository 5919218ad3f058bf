namespace OurTorrent.Tracker.Swarms;

/// <summary>One swarm and its counts.</summary>
/// <param name="InfoHash">The swarm.</param>
/// <param name="Counts">Its counts.</param>
public readonly record struct SwarmSummary(InfoHash InfoHash, SwarmCounts Counts);
