using OurTorrent.Tracker.Requests;

namespace OurTorrent.Tracker.Http;

/// <summary>One way in over HTTP: what is served there, and the counters of what came that way. Set on each connection.</summary>
internal sealed class HttpEntrance(TrackerStatistics statistics, string transport)
{
    /// <summary>Whether announces and scrapes are taken.</summary>
    public bool TakesRequests { get; init; }

    /// <summary>Whether the operator's pages are served.</summary>
    public bool ServesPages { get; init; }

    /// <summary>Whether only the operator comes this way, who may see which torrents there are and what is wrong with the store.</summary>
    public bool IsOperators { get; init; }

    private RequestCounters IPv4 { get; } = statistics.CountersFor(transport, isIPv6: false);

    private RequestCounters IPv6 { get; } = statistics.CountersFor(transport, isIPv6: true);

    /// <summary>Counts a request.</summary>
    /// <param name="outcome">What has become of it.</param>
    /// <param name="isIPv6">Over which address family it came.</param>
    /// <param name="received">The length of its target, in bytes.</param>
    /// <param name="sent">The length of the body it was answered with.</param>
    public void Count(HttpOutcome outcome, bool isIPv6, int received, int sent)
    {
        RequestCounters counters = isIPv6 ? IPv6 : IPv4;
        switch (outcome)
        {
            case HttpOutcome.Announced:
                Interlocked.Increment(ref counters.Announces);
                break;
            case HttpOutcome.Scraped or HttpOutcome.FullScrape:
                Interlocked.Increment(ref counters.Scrapes);
                break;
            case HttpOutcome.Refused:
                Interlocked.Increment(ref counters.Refused);
                break;
            case HttpOutcome.Ignored:
                Interlocked.Increment(ref counters.Dropped);
                break;
            default:
                Interlocked.Increment(ref counters.Malformed);
                break;
        }

        Interlocked.Add(ref counters.BytesReceived, received);
        Interlocked.Add(ref counters.BytesSent, sent);
    }
}
