using System.Globalization;
using System.Text;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Http.Pages;

/// <summary>The statistics in the text form that Prometheus reads (exposition format 0.0.4): <c>/metrics</c>.</summary>
internal static class MetricsText
{
    private const string Prefix = "ourtorrent_tracker_";

    /// <summary>Writes them.</summary>
    public static PageContent Write(TrackerSnapshot snapshot)
    {
        var text = new StringBuilder(4096);
        WriteRequests(text, snapshot.Transports);
        SwarmTotals swarms = snapshot.Swarms;
        Gauge(text, "torrents", "Torrents with at least one peer.", swarms.Torrents);
        Begin(text, "peers", "Peers, by what they are.", "gauge");
        Sample(text, "peers", "{kind=\"seeder\"}", swarms.Seeders);
        Sample(text, "peers", "{kind=\"leecher\"}", swarms.Leechers);
        Gauge(text, "ipv6_peers", "Peers that are reached over IPv6.", swarms.IPv6Peers);
        Counter(text, "completed_downloads_total", "Downloads completed.", swarms.Completed);
        Gauge(text, "swarm_memory_bytes", "Memory taken by swarms and peers.", swarms.MemoryBytes);
        Gauge(text, "announce_interval_seconds", "How long clients are told to wait.", snapshot.AnnounceInterval.TotalSeconds);
        WriteStore(text, snapshot.Persistence);
        Begin(text, "sources", "Sources of requests that are kept from the tracker, by how.", "gauge");
        Sample(text, "sources", "{kind=\"slowed\"}", snapshot.Access.Slowed);
        Sample(text, "sources", "{kind=\"ignored\"}", snapshot.Access.Ignored);
        Gauge(text, "uptime_seconds", "How long the tracker has been running.", snapshot.Uptime.TotalSeconds);
        Gauge(text, "resident_memory_bytes", "Physical memory of the process.", snapshot.MemoryBytes);
        Counter(text, "processor_seconds_total", "Time of processors taken by the process.", snapshot.ProcessorTime.TotalSeconds);
        return new PageContent("text/plain; version=0.0.4; charset=utf-8", Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void WriteRequests(StringBuilder text, IReadOnlyList<TransportCounts> transports)
    {
        Begin(text, "requests_total", "Requests, by the way they came and what became of them.", "counter");
        foreach (TransportCounts one in transports)
        {
            Request(text, one, "connect", one.Counts.Connects);
            Request(text, one, "announce", one.Counts.Announces);
            Request(text, one, "scrape", one.Counts.Scrapes);
            Request(text, one, "refused", one.Counts.Refused);
            Request(text, one, "dropped", one.Counts.Dropped);
            Request(text, one, "malformed", one.Counts.Malformed);
        }

        Begin(text, "received_bytes_total", "Bytes of requests.", "counter");
        foreach (TransportCounts one in transports)
            Sample(text, "received_bytes_total", $"{{{Labels(one)}}}", one.Counts.BytesReceived);
        Begin(text, "sent_bytes_total", "Bytes of answers.", "counter");
        foreach (TransportCounts one in transports)
            Sample(text, "sent_bytes_total", $"{{{Labels(one)}}}", one.Counts.BytesSent);
    }

    private static void Request(StringBuilder text, TransportCounts way, string kind, long count) =>
        Sample(text, "requests_total", $"{{{Labels(way)},kind=\"{kind}\"}}", count);

    private static string Labels(TransportCounts way) => $"transport=\"{way.Transport}\",family=\"{(way.IsIPv6 ? "ipv6" : "ipv4")}\"";

    private static void WriteStore(StringBuilder text, PersistenceStatus status)
    {
        if (status == PersistenceStatus.None)
            return;

        Gauge(text, "store_available", "Whether what happens is kept beyond the process.", status.IsAvailable ? 1 : 0);
        Gauge(text, "store_pending_changes", "Changes that are not kept yet.", status.Pending);
        Gauge(text, "store_lag_seconds", "How old the oldest of them is.", status.Lag.TotalSeconds);
    }

    private static void Gauge(StringBuilder text, string name, string help, double value)
    {
        Begin(text, name, help, "gauge");
        Sample(text, name, "", value);
    }

    private static void Counter(StringBuilder text, string name, string help, double value)
    {
        Begin(text, name, help, "counter");
        Sample(text, name, "", value);
    }

    private static void Begin(StringBuilder text, string name, string help, string type) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {Prefix}{name} {help}\n# TYPE {Prefix}{name} {type}\n");

    private static void Sample(StringBuilder text, string name, string labels, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"{Prefix}{name}{labels} {value}\n");
}
