using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Trackers;

namespace OurTorrent.Tests.Trackers;

/// <summary>Takes announces and lets the test answer them.</summary>
internal sealed class ScriptedTransport : ITrackerTransport
{
    public List<Call> Calls { get; } = [];

    public ITrackerCall Announce(string url, AnnounceRequest request, TimeSpan limit, Action<AnnounceResponse?, TrackerFailure?> done)
    {
        var call = new Call(url, request, limit, done);
        Calls.Add(call);
        return call;
    }

    public ITrackerCall Scrape(
        string url, IReadOnlyList<InfoHash> infoHashes, TimeSpan limit, Action<ScrapeResponse?, TrackerFailure?> done) =>
        throw new NotSupportedException();

    internal sealed class Call(string url, AnnounceRequest request, TimeSpan limit, Action<AnnounceResponse?, TrackerFailure?> done) : ITrackerCall
    {
        public string Url { get; } = url;

        public AnnounceRequest Request { get; } = request;

        public TimeSpan Limit { get; } = limit;

        public bool IsCancelled { get; private set; }

        public void Cancel() => IsCancelled = true;

        public void Answer(AnnounceResponse response) => done(response, null);

        public void Fail(string message = "timed out") => done(null, new(TrackerFailureReason.TimedOut, message));
    }
}
