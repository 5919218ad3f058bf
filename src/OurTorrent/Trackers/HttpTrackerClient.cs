using System.Globalization;
using OurTorrent.Loop;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Trackers;

/// <summary>Speaks to HTTP and HTTPS trackers (BEP 3). Belongs to the loop's thread; answers are fetched and read elsewhere.</summary>
/// <param name="loop">The loop this lives on.</param>
/// <param name="getter">Fetches the URLs.</param>
/// <param name="options">How trackers are reached.</param>
internal sealed class HttpTrackerClient(EngineLoop loop, IHttpGetter getter, TrackerTransportOptions options)
{
    /// <summary>As many as a browser or two would have.</summary>
    private const int MaxUnderWayPerHost = 16;

    private readonly RequestLines _lines = new(MaxUnderWayPerHost);

    private delegate bool TryParse<T>(ReadOnlySpan<byte> body, out T? answer, out TrackerFailure? failure);

    /// <summary>Sends an announce; see <see cref="ITrackerTransport.Announce"/>.</summary>
    public ITrackerCall Announce(
        string url, AnnounceRequest request, TimeSpan limit, Action<AnnounceResponse?, TrackerFailure?> done) =>
        Begin(HostOf(url), HttpTrackerUrl.ForAnnounce(url, request), limit, done, HttpTrackerResponse.TryParseAnnounce);

    /// <summary>Sends a scrape; see <see cref="ITrackerTransport.Scrape"/>.</summary>
    public ITrackerCall Scrape(
        string url, IReadOnlyList<InfoHash> infoHashes, TimeSpan limit, Action<ScrapeResponse?, TrackerFailure?> done) =>
        Begin(
            HostOf(url),
            HttpTrackerUrl.TryForScrape(url, infoHashes, out string? scrapeUrl) ? scrapeUrl : null,
            limit,
            done,
            HttpTrackerResponse.TryParseScrape);

    /// <summary>Host and port, as they stand in the URL.</summary>
    private static string HostOf(string url)
    {
        ReadOnlySpan<char> rest = url.AsSpan(url.IndexOf("://", StringComparison.Ordinal) + "://".Length);
        int end = rest.IndexOfAny('/', '?', '#');
        return (end < 0 ? rest : rest[..end]).ToString();
    }

    private Call<T> Begin<T>(string host, string? url, TimeSpan limit, Action<T?, TrackerFailure?> done, TryParse<T> parse)
        where T : class
    {
        var call = new Call<T>(loop, limit < options.HttpTimeout ? limit : options.HttpTimeout, () => _lines.Leave(host), done);
        _lines.Enter(host, () => call.TryBegin(token => FetchAsync(url, parse, token)));
        return call;
    }

    private async Task<(T? Answer, TrackerFailure? Failure)> FetchAsync<T>(
        string? url, TryParse<T> parse, CancellationToken cancellationToken)
        where T : class
    {
        if (url is null)
            return (null, new(TrackerFailureReason.ScrapeUnsupported, "the tracker's URL gives no scrape URL"));

        // Normalising would undo percent-encoding, which here stands for bytes and not for text.
        if (!Uri.TryCreate(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }, out Uri? uri))
            return (null, new(TrackerFailureReason.InvalidUrl, "not a valid URL"));

        HttpAnswer answer = await getter.GetAsync(uri, options.HttpMaxBytes, cancellationToken).ConfigureAwait(false);
        bool parsed = parse(answer.Body.Span, out T? response, out TrackerFailure? failure);
        if (answer.Status is >= 200 and < 300)
            return parsed ? (response, null) : (null, failure);

        // Some trackers give their reason beside an error status.
        return (null, failure is { Reason: TrackerFailureReason.Refused } ? failure : new(TrackerFailureReason.HttpStatus, Describe(answer)));
    }

    private static string Describe(HttpAnswer answer) =>
        string.Create(CultureInfo.InvariantCulture, $"HTTP {answer.Status} {answer.ReasonPhrase}").TrimEnd();

    private sealed class Call<T>(EngineLoop loop, TimeSpan limit, Action leave, Action<T?, TrackerFailure?> done)
        : TrackerCall<T>(loop, limit: null, done)
        where T : class
    {
        private bool _isUnderWay;

        /// <summary>Begins, unless it was given up while it waited. The time runs from here.</summary>
        public bool TryBegin(Func<CancellationToken, Task<(T? Answer, TrackerFailure? Failure)>> fetch)
        {
            if (!IsOpen)
                return false;

            _isUnderWay = true;
            Limit(limit);
            _ = RunAsync(fetch);
            return true;
        }

        protected override void OnEnded()
        {
            if (_isUnderWay)
                leave();
        }

        // Whatever comes ends as the call's outcome, so that nobody need wait for the task.
        private async Task RunAsync(Func<CancellationToken, Task<(T? Answer, TrackerFailure? Failure)>> fetch)
        {
            CancellationToken token = Cancellation;
            T? answer = null;
            TrackerFailure? failure = null;
            try
            {
                (answer, failure) = await fetch(token).ConfigureAwait(false);
            }
            catch (TrackerException e)
            {
                failure = e.Failure;
            }
            catch (OperationCanceledException) when (token.IsCancellationRequested)
            {
                return;
            }
            catch (OperationCanceledException)
            {
                failure = new(TrackerFailureReason.TimedOut, "no connection in time");
            }
            catch (Exception e)
            {
                failure = new(TrackerFailureReason.Unreachable, e.Message.ReplaceLineEndings(" "));
            }

            Loop.Post(() =>
            {
                if (answer is not null)
                    Succeed(answer);
                else if (failure is not null)
                    Fail(failure);
            });
        }
    }
}
