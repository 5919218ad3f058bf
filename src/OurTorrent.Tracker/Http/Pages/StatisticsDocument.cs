using System.Text.Json;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Http.Pages;

/// <summary>The statistics as JSON: <c>/stats</c>. Its names are a promise.</summary>
internal sealed record StatisticsDocument
{
    public required DateTimeOffset StartedAt { get; init; }

    public required double UptimeSeconds { get; init; }

    public required long Torrents { get; init; }

    public required long Peers { get; init; }

    public required long Seeders { get; init; }

    public required long Leechers { get; init; }

    public required long Ipv6Peers { get; init; }

    public required long Completed { get; init; }

    public required double AnnounceIntervalSeconds { get; init; }

    public required RequestRates RequestsPerSecond { get; init; }

    public required RequestCounts Requests { get; init; }

    public required IReadOnlyList<TransportDocument> Transports { get; init; }

    public required long MemoryBytes { get; init; }

    public required long SwarmMemoryBytes { get; init; }

    public required double ProcessorSeconds { get; init; }

    /// <summary>The store that outlives the process; null where there is none.</summary>
    public required StoreDocument? Store { get; init; }

    /// <summary>Who may use the tracker, and who is kept from it.</summary>
    public required AccessDocument Access { get; init; }

    /// <summary>The swarms with the most peers; null for those who may not see which there are.</summary>
    public required IReadOnlyList<SwarmDocument>? Busiest { get; init; }

    /// <summary>Puts the document together.</summary>
    /// <param name="snapshot">How the tracker is doing.</param>
    /// <param name="busiest">The busiest swarms, or null.</param>
    public static StatisticsDocument Of(TrackerSnapshot snapshot, IReadOnlyList<SwarmSummary>? busiest) => new()
    {
        StartedAt = snapshot.StartedAt,
        UptimeSeconds = Math.Round(snapshot.Uptime.TotalSeconds, 1),
        Torrents = snapshot.Swarms.Torrents,
        Peers = snapshot.Swarms.Peers,
        Seeders = snapshot.Swarms.Seeders,
        Leechers = snapshot.Swarms.Leechers,
        Ipv6Peers = snapshot.Swarms.IPv6Peers,
        Completed = snapshot.Swarms.Completed,
        AnnounceIntervalSeconds = snapshot.AnnounceInterval.TotalSeconds,
        RequestsPerSecond = snapshot.Rates,
        Requests = snapshot.Counts,
        Transports = [.. snapshot.Transports.Select(one => new TransportDocument(one.Transport, one.IsIPv6 ? "ipv6" : "ipv4", one.Counts))],
        MemoryBytes = snapshot.MemoryBytes,
        SwarmMemoryBytes = snapshot.Swarms.MemoryBytes,
        ProcessorSeconds = Math.Round(snapshot.ProcessorTime.TotalSeconds, 3),
        Store = StoreDocument.Of(snapshot.Persistence),
        Access = AccessDocument.Of(snapshot.Access, namesNetworks: busiest is not null),
        Busiest = busiest is null ? null : [.. busiest.Select(SwarmDocument.Of)],
    };

    public PageContent ToContent() => new("application/json", JsonSerializer.SerializeToUtf8Bytes(this, PagesJson.Default.StatisticsDocument));
}
