using OurTorrent.Protocol.Trackers;
using OurTorrent.Trackers;

namespace OurTorrent.Simulation.Sessions;

/// <summary>There are no web servers in the simulated world.</summary>
internal sealed class NoHttp : IHttpGetter
{
    public Task<HttpAnswer> GetAsync(Uri url, int maxBytes, CancellationToken cancellationToken) =>
        Task.FromException<HttpAnswer>(new TrackerException(new TrackerFailure(TrackerFailureReason.Unreachable, "connection refused", null)));
}
