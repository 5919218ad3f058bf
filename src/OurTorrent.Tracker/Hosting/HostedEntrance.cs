using Microsoft.AspNetCore.Http;
using OurTorrent.Tracker.Http;

namespace OurTorrent.Tracker.Hosting;

/// <summary>The way to a tracker through routes of an application.</summary>
internal sealed class HostedEntrance(TrackerServer server)
{
    private HttpEntrance? _http;
    private HttpEntrance? _https;

    /// <summary>Whether announces and scrapes are taken.</summary>
    public bool TakesRequests { get; init; }

    /// <summary>Whether the operator's pages are served.</summary>
    public bool ServesPages { get; init; }

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="segments">How many segments at the end of its path are the tracker's.</param>
    public Task AnswerAsync(HttpContext context, int segments)
    {
        HttpEntrance entrance = context.Request.IsHttps
            ? LazyInitializer.EnsureInitialized(ref _https, () => Create("https"))
            : LazyInitializer.EnsureInitialized(ref _http, () => Create("http"));
        return server.Exchange.AnswerAsync(context.Features, entrance, segments, context.RequestAborted);
    }

    private HttpEntrance Create(string transport) =>
        new(server.Statistics, transport) { TakesRequests = TakesRequests, ServesPages = ServesPages, IsOperators = true };
}
