using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Http.Pages;

/// <summary>One swarm, as JSON.</summary>
internal sealed record SwarmDocument(string InfoHash, int Seeders, int Leechers, int Completed)
{
    public static SwarmDocument Of(SwarmSummary swarm) =>
        new(swarm.InfoHash.ToString(), swarm.Counts.Seeders, swarm.Counts.Leechers, swarm.Counts.Completed);
}
