using OurTorrent.Tracker.Access;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Requests;

/// <summary>Puts together how the tracker is doing, for whoever asks.</summary>
internal sealed class TrackerSnapshots(TimeProvider time, TrackerStatistics statistics, ISwarmStore swarms, IAccessControl access, AnnounceInterval interval)
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly long _startedTimestamp = time.GetTimestamp();

    /// <summary>How it is doing now.</summary>
    public TrackerSnapshot Take() => new()
    {
        StartedAt = _startedAt,
        Uptime = time.GetElapsedTime(_startedTimestamp),
        Counts = statistics.Total(),
        Rates = statistics.Rates,
        Transports = statistics.ByTransport(),
        Swarms = swarms.Totals,
        Persistence = swarms.Persistence,
        Access = access.Snapshot(),
        AnnounceInterval = TimeSpan.FromSeconds(interval.Seconds),
        MemoryBytes = Environment.WorkingSet,
        ProcessorTime = Environment.CpuUsage.TotalTime,
    };

    /// <summary>The load of the last minutes, a point for each second.</summary>
    public IReadOnlyList<RatePoint> History => statistics.History;

    /// <summary>The swarms with the most peers.</summary>
    public IReadOnlyList<SwarmSummary> Busiest(int count) => swarms.Busiest(count);
}
