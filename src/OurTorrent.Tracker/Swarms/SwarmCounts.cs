namespace OurTorrent.Tracker.Swarms;

/// <summary>How many peers a swarm has, of both address families.</summary>
/// <param name="Seeders">Peers with the whole content (<c>complete</c> in BEP 48).</param>
/// <param name="Leechers">All others, partial seeds among them (<c>incomplete</c>).</param>
/// <param name="PartialSeeds">Leechers that want nothing more (BEP 21), so that <c>downloaders</c> are the leechers without these.</param>
/// <param name="Completed">Downloads that have been completed since the swarm is known (<c>downloaded</c>).</param>
public readonly record struct SwarmCounts(int Seeders, int Leechers, int PartialSeeds, int Completed);
