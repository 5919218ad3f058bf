using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Trackers;

/// <summary>Carries announces and scrapes to trackers. Belongs to the loop's thread.</summary>
internal interface ITrackerTransport
{
    /// <summary>Sends an announce.</summary>
    /// <param name="url">The announce URL.</param>
    /// <param name="request">What to say.</param>
    /// <param name="limit">How long it may take in all.</param>
    /// <param name="done">Told once, on the loop, after this call has returned: the answer, or else the failure.</param>
    /// <returns>The announce under way.</returns>
    ITrackerCall Announce(string url, AnnounceRequest request, TimeSpan limit, Action<AnnounceResponse?, TrackerFailure?> done);

    /// <summary>Asks for the numbers of some swarms.</summary>
    /// <param name="url">The announce URL.</param>
    /// <param name="infoHashes">The swarms: at least one, and no more than fit in a UDP request (74).</param>
    /// <param name="limit">How long it may take in all.</param>
    /// <param name="done">Told once, on the loop, after this call has returned: the answer, or else the failure.</param>
    /// <returns>The scrape under way.</returns>
    ITrackerCall Scrape(
        string url, IReadOnlyList<InfoHash> infoHashes, TimeSpan limit, Action<ScrapeResponse?, TrackerFailure?> done);
}

/// <summary>An announce or scrape under way.</summary>
internal interface ITrackerCall
{
    /// <summary>Gives it up: nobody is told of its end. Does nothing when it has ended.</summary>
    void Cancel();
}
