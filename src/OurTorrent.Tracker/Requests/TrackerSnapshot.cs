using OurTorrent.Tracker.Access;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Requests;

/// <summary>How a tracker is doing at one moment.</summary>
public sealed record TrackerSnapshot
{
    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it has been running.</summary>
    public required TimeSpan Uptime { get; init; }

    /// <summary>All requests since the start.</summary>
    public required RequestCounts Counts { get; init; }

    /// <summary>Requests a second, over the last seconds.</summary>
    public required RequestRates Rates { get; init; }

    /// <summary>All requests since the start, by the way they came.</summary>
    public required IReadOnlyList<TransportCounts> Transports { get; init; }

    /// <summary>What all swarms hold together.</summary>
    public required SwarmTotals Swarms { get; init; }

    /// <summary>How the store that outlives the process is doing.</summary>
    public required PersistenceStatus Persistence { get; init; }

    /// <summary>Who may use the tracker, and who is kept from it.</summary>
    public AccessSnapshot Access { get; init; } = AccessSnapshot.Open;

    /// <summary>How long clients are told to wait before they announce again, at the least.</summary>
    public required TimeSpan AnnounceInterval { get; init; }

    /// <summary>Physical memory of the whole process, in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Time of processors taken by the whole process.</summary>
    public required TimeSpan ProcessorTime { get; init; }
}
