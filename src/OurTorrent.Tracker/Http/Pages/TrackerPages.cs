using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OurTorrent.Tracker.Requests;

namespace OurTorrent.Tracker.Http.Pages;

/// <summary>What the operator looks at: <c>/</c>, <c>/stats</c>, <c>/metrics</c> and <c>/health</c>. No address of a peer is in any of them.</summary>
internal sealed class TrackerPages(TrackerOptions options, TrackerSnapshots snapshots)
{
    private const int BusiestCount = 20;

    private readonly TimeSpan _maxLag = options.Http.MaxPersistenceLag;

    /// <summary>Answers a request, if it is for one of the pages.</summary>
    /// <param name="features">The server's view of it.</param>
    /// <param name="target">What is asked for.</param>
    /// <param name="entrance">The way it came in.</param>
    /// <param name="cancellationToken">Gives up the answer.</param>
    public Task AnswerAsync(IFeatureCollection features, in RequestTarget target, HttpEntrance entrance, CancellationToken cancellationToken)
    {
        Page? page = Find(target.Path);
        if (page is null)
            return HttpExchange.Respond(features, StatusCodes.Status404NotFound);

        string method = features.GetRequiredFeature<IHttpRequestFeature>().Method;
        bool isHead = HttpMethods.IsHead(method);
        if (!isHead && !HttpMethods.IsGet(method))
            return HttpExchange.RefuseMethod(features);

        return SendAsync(features, Make(page.Value, entrance), isHead, cancellationToken);
    }

    private static Page? Find(ReadOnlySpan<byte> path) =>
        path.SequenceEqual("/"u8) || path.IsEmpty ? Page.Overview
        : path.SequenceEqual("/stats"u8) ? Page.Statistics
        : path.SequenceEqual("/metrics"u8) ? Page.Metrics
        : path.SequenceEqual("/health"u8) ? Page.Health
        : null;

    private PageContent Make(Page page, HttpEntrance entrance)
    {
        TrackerSnapshot snapshot = snapshots.Take();

        // What a store says of its trouble may name files and servers.
        if (!entrance.IsOperators && snapshot.Persistence is { Error: not null } persistence)
            snapshot = snapshot with { Persistence = persistence with { Error = "see the tracker's log" } };
        return page switch
        {
            Page.Metrics => MetricsText.Write(snapshot),
            Page.Health => HealthReport.Of(snapshot, _maxLag).ToContent(),
            Page.Statistics => Statistics(snapshot, entrance).ToContent(),
            _ => OverviewPage.Write(new OverviewDocument(Statistics(snapshot, entrance), snapshots.History)),
        };
    }

    private StatisticsDocument Statistics(TrackerSnapshot snapshot, HttpEntrance entrance) =>
        StatisticsDocument.Of(snapshot, entrance.IsOperators ? snapshots.Busiest(BusiestCount) : null);

    private static async Task SendAsync(IFeatureCollection features, PageContent content, bool isHead, CancellationToken cancellationToken)
    {
        IHttpResponseFeature response = features.GetRequiredFeature<IHttpResponseFeature>();
        response.StatusCode = content.Status;
        response.Headers.ContentType = content.ContentType;
        response.Headers.ContentLength = content.Body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (content.Policy is { } policy)
            response.Headers.ContentSecurityPolicy = policy;
        if (!isHead)
            await features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.WriteAsync(content.Body, cancellationToken);
    }

    private enum Page
    {
        Overview,
        Statistics,
        Metrics,
        Health,
    }
}
