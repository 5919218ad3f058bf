using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using OurTorrent.Tracker.Http.Pages;

namespace OurTorrent.Tracker.Http;

/// <summary>Takes a request as the server hands it over, and sends the answer.</summary>
/// <remarks>
/// It works on the server's features, below <see cref="HttpContext"/>: an announce is so short that making a context for it, and
/// finding its route, would take as long as answering it.
/// </remarks>
internal sealed class HttpExchange(TrackerOptions options, HttpTracker tracker, TrackerPages pages, ILogger logger) : IDisposable
{
    private const int MaxTargetLength = 8192;

    private readonly ThreadLocal<HttpAnswer> _answers = new(tracker.CreateAnswer);
    private readonly ClientSource _clients = new(options.Http);
    private readonly Func<string, byte[]?>? _torrentFile = options.Http.TorrentFile;
    private readonly bool _logAddresses = options.LogAddresses;

    /// <summary>Answers a request.</summary>
    /// <param name="features">The server's view of it.</param>
    /// <param name="entrance">The way it came in.</param>
    /// <param name="segments">How many segments at the end of the path count, where the tracker is one of several things on a server; zero for all.</param>
    /// <param name="cancellationToken">Gives up a long answer.</param>
    public Task AnswerAsync(IFeatureCollection features, HttpEntrance entrance, int segments, CancellationToken cancellationToken)
    {
        IHttpRequestFeature request = features.GetRequiredFeature<IHttpRequestFeature>();
        string rawTarget = request.RawTarget;
        if (rawTarget.Length > MaxTargetLength)
            return Respond(features, StatusCodes.Status414UriTooLong);

        Span<byte> bytes = stackalloc byte[rawTarget.Length];
        if (Ascii.FromUtf16(rawTarget, bytes, out _) != OperationStatus.Done)
            return Respond(features, StatusCodes.Status400BadRequest);

        var target = new RequestTarget(bytes, segments);
        if (target.Kind == TrackerPath.Other && entrance.TakesRequests && FindTorrentFile(target.Path) is { } file)
            return SendTorrentFile(features, file, cancellationToken);

        if (target.Kind == TrackerPath.Other || !entrance.TakesRequests)
            return entrance.ServesPages ? pages.AnswerAsync(features, target, entrance, cancellationToken) : Respond(features, StatusCodes.Status404NotFound);

        if (!HttpMethods.IsGet(request.Method))
            return RefuseMethod(features);

        HttpSource source = _clients.Find(
            features.GetRequiredFeature<IHttpConnectionFeature>().RemoteIpAddress, request.Headers["X-Forwarded-For"]);
        HttpAnswer answer = _answers.Value!;
        HttpOutcome outcome = tracker.Answer(target, source, answer);
        ReadOnlySpan<byte> body = outcome is HttpOutcome.Ignored or HttpOutcome.FullScrape ? default : answer.Body;
        entrance.Count(outcome, source.Address.IsIPv6, bytes.Length, body.Length);
        switch (outcome)
        {
            case HttpOutcome.Ignored:
                features.GetRequiredFeature<IHttpRequestLifetimeFeature>().Abort();
                return Task.CompletedTask;
            case HttpOutcome.FullScrape:
                return new FullScrape(tracker, source, target.PathAndQuery.ToArray()).SendAsync(features, cancellationToken);
            case HttpOutcome.Refused or HttpOutcome.Malformed when logger.IsEnabled(LogLevel.Debug):
                Log.Refused(logger, _logAddresses ? source.Address.ToString() : "A client", Encoding.ASCII.GetString(body));
                break;
        }

        return Send(features, body);
    }

    /// <summary>Answers a method nobody needs.</summary>
    public static Task RefuseMethod(IFeatureCollection features)
    {
        features.GetRequiredFeature<IHttpResponseFeature>().Headers.Allow = "GET";
        return Respond(features, StatusCodes.Status405MethodNotAllowed);
    }

    /// <summary>Answers with a status alone.</summary>
    public static Task Respond(IFeatureCollection features, int status)
    {
        IHttpResponseFeature response = features.GetRequiredFeature<IHttpResponseFeature>();
        response.StatusCode = status;
        response.Headers.ContentLength = 0;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _answers.Dispose();

    private byte[]? FindTorrentFile(ReadOnlySpan<byte> path) => _torrentFile?.Invoke(Encoding.ASCII.GetString(path));

    private static async Task SendTorrentFile(IFeatureCollection features, byte[] file, CancellationToken cancellationToken)
    {
        string method = features.GetRequiredFeature<IHttpRequestFeature>().Method;
        bool isHead = HttpMethods.IsHead(method);
        if (!isHead && !HttpMethods.IsGet(method))
        {
            await RefuseMethod(features);
            return;
        }

        IHeaderDictionary headers = features.GetRequiredFeature<IHttpResponseFeature>().Headers;
        headers.ContentLength = file.Length;
        headers.ContentType = "application/x-bittorrent";
        headers.XContentTypeOptions = "nosniff";
        if (!isHead)
            await features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.WriteAsync(file, cancellationToken);
    }

    // Refusals too are sent with status 200: clients read the reason in the body of no other.
    private static Task Send(IFeatureCollection features, ReadOnlySpan<byte> body)
    {
        IHeaderDictionary headers = features.GetRequiredFeature<IHttpResponseFeature>().Headers;
        headers.ContentLength = body.Length;
        headers.ContentType = "text/plain";

        // Begun first, the head is written where it belongs, and the body right behind it; what is written before is copied once more.
        IHttpResponseBodyFeature response = features.GetRequiredFeature<IHttpResponseBodyFeature>();
        Task started = response.StartAsync();
        if (!started.IsCompletedSuccessfully)
            return SendLater(started, response, body.ToArray());

        response.Writer.Write(body);
        return Task.CompletedTask;
    }

    private static async Task SendLater(Task started, IHttpResponseBodyFeature response, byte[] body)
    {
        await started;
        await response.Writer.WriteAsync(body);
    }
}
