using System.Diagnostics.Metrics;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Requests;

/// <summary>The statistics as instruments of the meter <c>OurTorrent</c>, for programs that collect metrics of their own. Nothing is measured until somebody listens.</summary>
internal sealed class TrackerMeter : IDisposable
{
    private readonly Meter _meter = new("OurTorrent");

    public TrackerMeter(TrackerStatistics statistics, ISwarmStore swarms, AnnounceInterval interval)
    {
        _meter.CreateObservableCounter(
            "ourtorrent.tracker.requests", () => Requests(statistics.ByTransport()), "{request}", "Requests, by the way they came and what became of them.");
        _meter.CreateObservableCounter("ourtorrent.tracker.io", () => Bytes(statistics.ByTransport()), "By", "Bytes of requests and of answers.");
        _meter.CreateObservableUpDownCounter("ourtorrent.tracker.torrents", () => swarms.Totals.Torrents, "{torrent}", "Torrents with at least one peer.");
        _meter.CreateObservableUpDownCounter("ourtorrent.tracker.peers", () => Peers(swarms.Totals), "{peer}", "Peers, by what they are.");
        _meter.CreateObservableCounter("ourtorrent.tracker.completed", () => swarms.Totals.Completed, "{download}", "Downloads completed.");
        _meter.CreateObservableGauge("ourtorrent.tracker.announce_interval", () => interval.Seconds, "s", "How long clients are told to wait.");
        _meter.CreateObservableGauge("ourtorrent.tracker.store.lag", () => swarms.Persistence.Lag.TotalSeconds, "s", "How far behind the store is that outlives the process.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Requests(IReadOnlyList<TransportCounts> ways)
    {
        foreach (TransportCounts way in ways)
        {
            yield return Of(way, "kind", "connect", way.Counts.Connects);
            yield return Of(way, "kind", "announce", way.Counts.Announces);
            yield return Of(way, "kind", "scrape", way.Counts.Scrapes);
            yield return Of(way, "kind", "refused", way.Counts.Refused);
            yield return Of(way, "kind", "dropped", way.Counts.Dropped);
            yield return Of(way, "kind", "malformed", way.Counts.Malformed);
        }
    }

    private static IEnumerable<Measurement<long>> Bytes(IReadOnlyList<TransportCounts> ways)
    {
        foreach (TransportCounts way in ways)
        {
            yield return Of(way, "network.io.direction", "receive", way.Counts.BytesReceived);
            yield return Of(way, "network.io.direction", "transmit", way.Counts.BytesSent);
        }
    }

    private static Measurement<long>[] Peers(SwarmTotals totals) =>
    [
        new(totals.Seeders, new KeyValuePair<string, object?>("kind", "seeder")),
        new(totals.Leechers, new KeyValuePair<string, object?>("kind", "leecher")),
    ];

    private static Measurement<long> Of(TransportCounts way, string tag, string value, long count) => new(
        count,
        new KeyValuePair<string, object?>("transport", way.Transport),
        new KeyValuePair<string, object?>("network.type", way.IsIPv6 ? "ipv6" : "ipv4"),
        new KeyValuePair<string, object?>(tag, value));
}
